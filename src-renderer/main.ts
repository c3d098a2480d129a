/** Decides what runs first: styles, the theme, then the page itself. */
import "./style/fonts.css";
import "./style/tokens.css";
import "./style/base.css";
import "./bridge/strict-checks.ts";
import { mount } from "svelte";
import App from "./app.svelte";
import { Page } from "./state/page.svelte.ts";

const target = document.getElementById("page");
if (target !== null) {
  const page = new Page();
  mount(App, { target, props: { page } });
  void page.open();
}

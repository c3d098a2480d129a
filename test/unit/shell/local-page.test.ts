import { describe, expect, it } from "vitest";

import { failurePage, startingPage } from "../../../src-main/shell/local-page.ts";

const textOf = (url: string) => decodeURIComponent(url.slice(url.indexOf(",") + 1));

describe("local pages", () => {
  it("say what happened, what is safe, what to do, and the code with its facts", () => {
    const text = textOf(failurePage({ code: "STORE_LOCKED", facts: { folder: "data" } }));
    for (const part of ["STORE_LOCKED: folder data", "Safe: Every commit", "<h1>", "<p>"]) {
      expect(text).toContain(part);
    }
  });

  it("hold no script and reach nothing", () => {
    for (const url of [startingPage(), failurePage({ code: "SHELL_START" })]) {
      expect(url).toMatch(/^data:text\/html;charset=utf-8,/);
      expect(textOf(url)).toContain("default-src 'none'");
      expect(textOf(url)).not.toMatch(/<script|https?:|<a |<img/);
    }
  });

  it("show markup in facts as text", () => {
    const facts = { reason: '<img src="x" onerror="alert(1)"> & more' };
    const text = textOf(failurePage({ code: "SHELL_START", facts }));
    expect(text).not.toContain("<img");
    expect(text).toContain("&lt;img src=&quot;x&quot; onerror=&quot;alert(1)&quot;&gt; &amp; more");
  });
});

/** Decides the theme: the system's, until the owner chooses. */

export type Theme = "system" | "light" | "dark";

const KEPT = "vivian.theme";
const ORDER: readonly Theme[] = ["system", "light", "dark"];

/** The chosen theme. */
export class ThemeChoice {
  theme = $state<Theme>("system");

  constructor() {
    const kept = localStorage.getItem(KEPT);
    this.#set(ORDER.find((one) => one === kept) ?? "system");
  }

  /** The next of system, light, dark. */
  next(): void {
    this.#set(ORDER[(ORDER.indexOf(this.theme) + 1) % ORDER.length]);
  }

  #set(theme: Theme): void {
    this.theme = theme;
    localStorage.setItem(KEPT, theme);
    const { dataset } = document.documentElement;
    if (theme === "system") delete dataset["theme"];
    else dataset["theme"] = theme;
  }
}

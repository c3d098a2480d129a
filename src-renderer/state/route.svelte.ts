/** Decides which screen is shown, from the address: #/home, #/work/JOB, #/explorer/SLOT. */

export const SCREENS = ["home", "work", "devices", "rewards", "wallet", "explorer"] as const;
export type Screen = (typeof SCREENS)[number];

/** The screen and the one thing that is open on it. */
export class Route {
  screen = $state<Screen>("home");
  item = $state("");

  constructor() {
    this.#read();
    addEventListener("hashchange", () => this.#read());
  }

  #read(): void {
    const [, screen, item] = /^#\/([a-z]+)(?:\/([0-9a-z-]{1,64}))?$/.exec(location.hash) ?? [];
    this.screen = SCREENS.find((one) => one === screen) ?? "home";
    this.item = item ?? "";
  }
}

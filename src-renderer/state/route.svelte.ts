/**
 * Decides which screen is shown, from the address: #/home, #/work/JOB, #/explorer/SLOT,
 * #/explorer/account/ADDRESS.
 */

export const SCREENS = [
  "home",
  "work",
  "devices",
  "rewards",
  "energy",
  "wallet",
  "explorer",
] as const;
export type Screen = (typeof SCREENS)[number];

/** What each is called. */
export const SCREEN_NAMES: Readonly<Record<Screen, string>> = {
  home: "Home",
  work: "Work",
  devices: "Devices",
  rewards: "Rewards",
  energy: "Energy",
  wallet: "Wallet",
  explorer: "Explorer",
};

const ADDRESS = /^#\/([a-z]+)(?:\/([0-9a-z-]{1,64})(?:\/([0-9a-zA-Z]{1,66}))?)?$/;

/** The screen and the one thing that is open on it. */
export class Route {
  screen = $state<Screen>("home");
  item = $state("");
  /** Which of its kind, where the item names a kind. */
  part = $state("");

  constructor() {
    this.#read();
    addEventListener("hashchange", () => this.#read());
  }

  #read(): void {
    const [, screen, item, part] = ADDRESS.exec(location.hash) ?? [];
    this.screen = SCREENS.find((one) => one === screen) ?? "home";
    this.item = item ?? "";
    this.part = part ?? "";
  }
}

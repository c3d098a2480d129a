/**
 * Decides how the window program lives: one of it per user, one window, guarded before it shows
 * anything. Closing the window leaves the work alone; stopping the work has its own name.
 */

import type { Outcome } from "../contract/outcome.ts";
import type { AppPart, MenuLine, TrayPart, WindowPart } from "./electron-parts.ts";
import { guardApp, guardSession } from "./guards.ts";
import type { AllowedPage } from "./guards.ts";
import { failurePage, startingPage } from "./local-page.ts";
import { trayMenu, windowMenu } from "./menus.ts";
import type { MenuActions } from "./menus.ts";
import { isOfPage } from "./origin-rules.ts";
import { WindowLife } from "./window-life.ts";
import type { LifeNeeds, Shown } from "./window-life.ts";
import { workWord } from "./work-words.ts";
import type { WorkState } from "./work-words.ts";

/** What the program is made of. */
export interface WindowNeeds extends Omit<LifeNeeds, "show" | "onState"> {
  readonly app: AppPart;
  readonly platform: NodeJS.Platform;
  readonly makeWindow: () => WindowPart;
  readonly setMenu: (lines: readonly MenuLine[]) => void;
  /** Null where the system has no such bar. */
  readonly makeTray: () => TrayPart | null;
}

/** Chromium's number for a load that another one replaced. */
const ABORTED = -3;

/** Runs the window program; false where another one of this user runs, which then comes forward. */
export async function runWindow(needs: WindowNeeds): Promise<boolean> {
  const { app } = needs;
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return false;
  }
  app.enableSandbox();
  const allowed: AllowedPage = { origin: null };
  guardApp(app, allowed);
  await app.whenReady();
  const program = new WindowProgram(needs, allowed);
  await program.open();
  return true;
}

class WindowProgram {
  readonly #needs: WindowNeeds;
  readonly #allowed: AllowedPage;
  readonly #life: WindowLife;
  readonly #tray: TrayPart | null;
  readonly #actions: MenuActions;
  #window: WindowPart | null = null;
  #shown: Shown = { kind: "starting" };
  #isQuitting = false;

  constructor(needs: WindowNeeds, allowed: AllowedPage) {
    this.#needs = needs;
    this.#allowed = allowed;
    this.#life = new WindowLife({
      ...needs,
      show: (shown) => this.#show(shown),
      onState: (state) => this.#tell(state),
    });
    this.#actions = {
      open: () => this.#comeForward(),
      reload: () => this.#reload(),
      startWork: () => void this.#life.begin(),
      stopWork: () => void this.#stopWork(),
      stopWorkAndQuit: () => void this.#stopWork().then((done) => done.ok && this.#quit()),
      quitWindow: () => this.#quit(),
    };
    this.#tray = needs.makeTray();
    this.#tray?.onClick(() => this.#comeForward());
    this.#listen();
    this.#tell(this.#life.state);
  }

  async open(): Promise<void> {
    this.#makeWindow();
    await this.#life.begin();
  }

  #listen(): void {
    const { app } = this.#needs;
    app.on("second-instance", () => this.#comeForward());
    app.on("activate", () => this.#comeForward());
    app.on("before-quit", () => {
      this.#isQuitting = true;
      this.#life.end();
    });
    // Without this listener Electron would quit by itself, whatever stays in the bar.
    app.on("window-all-closed", () => {
      if (!this.#staysInBar) this.#quit();
    });
  }

  /** On Linux a bar may not show what is put there: a hidden window would be lost. */
  get #staysInBar(): boolean {
    return this.#tray !== null && this.#needs.platform !== "linux";
  }

  #makeWindow(): void {
    const window = this.#needs.makeWindow();
    this.#window = window;
    const contents = window.webContents;
    guardSession(contents.session, this.#allowed);
    // A proxy of the system would otherwise see what goes to our own machine.
    void contents.session.setProxy({ mode: "direct" });
    window.once("ready-to-show", () => window.show());
    window.on("close", (event) => {
      if (this.#isQuitting || !this.#staysInBar) return;
      event.preventDefault();
      window.hide();
    });
    window.on("closed", () => {
      if (this.#window === window) this.#window = null;
    });
    contents.on("render-process-gone", (_event, { reason }) => {
      this.#show({ kind: "failure", rejection: { code: "SHELL_PAGE", facts: { reason } } });
    });
    contents.on("did-fail-load", (_event, errorCode, reason, url, isMainFrame) => {
      if (!isMainFrame || errorCode === ABORTED || !isOfPage(url, this.#allowed.origin)) return;
      this.#show({ kind: "failure", rejection: { code: "SHELL_PAGE", facts: { reason } } });
    });
    this.#load(this.#shown);
  }

  #show(shown: Shown): void {
    this.#shown = shown;
    this.#load(shown);
  }

  #load(shown: Shown): void {
    // Whatever is not the page of a daemon that answers now may reach nothing at all.
    this.#allowed.origin = shown.kind === "page" ? shown.origin : null;
    if (this.#window === null || this.#window.isDestroyed()) return;
    // What goes wrong while loading is told by did-fail-load.
    this.#window.loadURL(urlOf(shown)).catch(() => undefined);
  }

  #reload(): void {
    const contents = this.#window?.webContents;
    if (contents === undefined) return;
    if (isOfPage(contents.getURL(), this.#allowed.origin)) contents.reload();
    else void this.#life.reopen();
  }

  #comeForward(): void {
    const window = this.#window;
    if (window === null || window.isDestroyed()) {
      // The code of the last page has been used; the first view needs another.
      this.#shown = { kind: "starting" };
      this.#makeWindow();
      void this.#life.reopen();
      return;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  async #stopWork(): Promise<Outcome<void>> {
    const stopped = await this.#life.stopWork();
    if (!stopped.ok) this.#show({ kind: "failure", rejection: stopped.rejection });
    return stopped;
  }

  #quit(): void {
    this.#isQuitting = true;
    this.#needs.app.quit();
  }

  #tell(state: WorkState): void {
    this.#needs.setMenu(windowMenu(state, this.#actions));
    this.#tray?.setToolTip(`VIVIAN Miner: ${workWord(state)}`);
    this.#tray?.setLines(trayMenu(state, this.#actions));
  }
}

function urlOf(shown: Shown): string {
  if (shown.kind === "page") return shown.url;
  return shown.kind === "starting" ? startingPage() : failurePage(shown.rejection);
}

/** A typed stand-in for Electron: it remembers what it is told; tests make its events happen. */

import type {
  AppPart,
  ContentsPart,
  MenuLine,
  SessionPart,
  TrayPart,
  WindowPart,
} from "../../src-main/shell/electron-parts.ts";

type Listener = (...parts: never[]) => void;

/** Events by name, as Electron's objects have them. */
export class FakeEvents {
  readonly #listeners = new Map<string, Listener[]>();

  on(event: string, listener: Listener): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }

  once(event: string, listener: Listener): this {
    return this.on(event, listener);
  }

  emit(event: string, ...parts: unknown[]): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      (listener as (...parts: unknown[]) => void)(...parts);
    }
  }
}

/** An event that can be refused; `isRefused` says whether it was. */
export class FakeEvent {
  isRefused = false;

  preventDefault(): void {
    this.isRefused = true;
  }
}

/** A navigation to a place. */
export class FakeNavigation extends FakeEvent {
  readonly url: string;
  readonly isMainFrame: boolean;

  constructor(url: string, isMainFrame = true) {
    super();
    this.url = url;
    this.isMainFrame = isMainFrame;
  }
}

type RequestHandler = Parameters<SessionPart["setPermissionRequestHandler"]>[0];
type CheckHandler = Parameters<SessionPart["setPermissionCheckHandler"]>[0];
type BeforeRequest = Parameters<SessionPart["webRequest"]["onBeforeRequest"]>[0];

/** A session that answers as Electron would: what nobody decides is granted. */
export class FakeSession extends FakeEvents implements SessionPart {
  proxy = "system";
  #request: RequestHandler = (_contents, _permission, decide) => decide(true);
  #check: CheckHandler = () => true;
  #device: () => boolean = () => true;
  #beforeRequest: BeforeRequest = (_request, answer) => answer({ cancel: false });
  readonly webRequest = {
    onBeforeRequest: (listener: BeforeRequest) => void (this.#beforeRequest = listener),
  };

  setPermissionRequestHandler(handler: RequestHandler): void {
    this.#request = handler;
  }

  setPermissionCheckHandler(handler: CheckHandler): void {
    this.#check = handler;
  }

  setDevicePermissionHandler(handler: () => boolean): void {
    this.#device = handler;
  }

  setProxy({ mode }: { mode: "direct" }): Promise<void> {
    this.proxy = mode;
    return Promise.resolve();
  }

  /** Whether a page at a place is granted a right, by each of Electron's two questions. */
  asks(permission: string, requestingUrl: string, isMainFrame = true) {
    let granted = false;
    const details = { requestingUrl, isMainFrame };
    this.#request(null, permission, (answer) => (granted = answer), details);
    return { granted, checked: this.#check(null, permission, requestingUrl) };
  }

  grantsDevice(): boolean {
    return this.#device();
  }

  /** Whether a request to a place leaves the window. */
  lets(url: string): boolean {
    let isCancelled = false;
    this.#beforeRequest({ url }, ({ cancel }) => (isCancelled = cancel));
    return !isCancelled;
  }
}

/** What a window shows. */
export class FakeContents extends FakeEvents implements ContentsPart {
  readonly session = new FakeSession();
  url = "";
  reloads = 0;
  #opens: () => { action: string } = () => ({ action: "allow" });

  setWindowOpenHandler(handler: () => { action: "deny" }): void {
    this.#opens = handler;
  }

  getURL(): string {
    return this.url;
  }

  reload(): void {
    this.reloads += 1;
  }

  /** Whether the page gets a second window. */
  opensWindow(): boolean {
    return this.#opens().action !== "deny";
  }

  /** Whether the page gets there, by every event that Electron asks with. */
  goesTo(url: string, isMainFrame = true): Record<string, boolean> {
    const events = ["will-navigate", "will-redirect", "will-frame-navigate"];
    return Object.fromEntries(
      events.map((event) => {
        const navigation = new FakeNavigation(url, isMainFrame);
        this.emit(event, navigation);
        return [event, !navigation.isRefused];
      }),
    );
  }
}

/** A window. */
export class FakeWindow extends FakeEvents implements WindowPart {
  readonly webContents = new FakeContents();
  readonly acts: string[] = [];
  isGone = false;
  isSmall = false;

  loadURL(url: string): Promise<void> {
    this.webContents.url = url;
    return Promise.resolve();
  }

  show(): void {
    this.acts.push("show");
  }

  hide(): void {
    this.acts.push("hide");
  }

  focus(): void {
    this.acts.push("focus");
  }

  restore(): void {
    this.acts.push("restore");
  }

  isMinimized(): boolean {
    return this.isSmall;
  }

  isDestroyed(): boolean {
    return this.isGone;
  }

  /** The person closes it; answers whether it is gone. */
  close(): boolean {
    const event = new FakeEvent();
    this.emit("close", event);
    if (event.isRefused) return false;
    this.isGone = true;
    this.emit("closed");
    return true;
  }

  /** The text of what it shows, where that is a page of our own. */
  get text(): string {
    const { url } = this.webContents;
    return url.startsWith("data:") ? decodeURIComponent(url.slice(url.indexOf(",") + 1)) : "";
  }
}

/** The program as a whole. */
export class FakeApp extends FakeEvents implements AppPart {
  readonly acts: string[] = [];
  isFirst = true;

  requestSingleInstanceLock(): boolean {
    this.acts.push("lock");
    return this.isFirst;
  }

  enableSandbox(): void {
    this.acts.push("sandbox");
  }

  whenReady(): Promise<void> {
    this.acts.push("ready");
    return Promise.resolve();
  }

  quit(): void {
    this.acts.push("quit");
    this.emit("before-quit");
  }
}

/** The icon in the bar. */
export class FakeTray implements TrayPart {
  tip = "";
  lines: readonly MenuLine[] = [];
  #click: () => void = () => undefined;

  setToolTip(text: string): void {
    this.tip = text;
  }

  setLines(lines: readonly MenuLine[]): void {
    this.lines = lines;
  }

  onClick(act: () => void): void {
    this.#click = act;
  }

  click(): void {
    this.#click();
  }
}

/** The line of a menu, also within its parts. */
export function lineOf(lines: readonly MenuLine[], label: string): MenuLine {
  const all = lines.flatMap((line) => [line, ...(line.submenu ?? [])]);
  const found = all.find((line) => line.label === label);
  if (found === undefined) throw new Error(`no line "${label}"`);
  return found;
}

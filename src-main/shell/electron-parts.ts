/**
 * Decides which parts of Electron the window uses, as narrow interfaces: `main.ts` passes the real
 * ones, tests pass their own. What is not named here the window cannot do.
 */

/** An event whose usual course can be refused. */
export interface Preventable {
  preventDefault(): void;
}

/** Where a frame is about to go. */
export interface Navigation extends Preventable {
  readonly url: string;
  readonly isMainFrame: boolean;
}

/** One request of a page, before it leaves. */
export interface PageRequest {
  readonly url: string;
}

type Decide = (granted: boolean) => void;

/** The storage, network and rights of a window. */
export interface SessionPart {
  setPermissionRequestHandler(
    handler: (
      contents: unknown,
      permission: string,
      decide: Decide,
      details: { readonly requestingUrl: string; readonly isMainFrame: boolean },
    ) => void,
  ): void;
  setPermissionCheckHandler(
    handler: (contents: unknown, permission: string, origin: string) => boolean,
  ): void;
  setDevicePermissionHandler(handler: () => boolean): void;
  setProxy(proxy: { mode: "direct" }): Promise<void>;
  on(event: "will-download", listener: (event: Preventable) => void): unknown;
  readonly webRequest: {
    onBeforeRequest(
      listener: (request: PageRequest, answer: (verdict: { cancel: boolean }) => void) => void,
    ): void;
  };
}

/** What a window shows. */
export interface ContentsPart {
  readonly session: SessionPart;
  on(event: "will-navigate", listener: (navigation: Navigation) => void): unknown;
  on(event: "will-redirect", listener: (navigation: Navigation) => void): unknown;
  on(event: "will-frame-navigate", listener: (navigation: Navigation) => void): unknown;
  on(event: "will-attach-webview", listener: (event: Preventable) => void): unknown;
  on(
    event: "render-process-gone",
    listener: (event: unknown, details: { readonly reason: string }) => void,
  ): unknown;
  on(
    event: "did-fail-load",
    listener: (
      event: unknown,
      errorCode: number,
      errorDescription: string,
      url: string,
      isMainFrame: boolean,
    ) => void,
  ): unknown;
  setWindowOpenHandler(handler: () => { action: "deny" }): void;
  getURL(): string;
  reload(): void;
}

/** The window. */
export interface WindowPart {
  readonly webContents: ContentsPart;
  loadURL(url: string): Promise<void>;
  on(event: "close", listener: (event: Preventable) => void): unknown;
  on(event: "closed", listener: () => void): unknown;
  once(event: "ready-to-show", listener: () => void): unknown;
  show(): void;
  hide(): void;
  focus(): void;
  restore(): void;
  isMinimized(): boolean;
  isDestroyed(): boolean;
}

/** The program as a whole. */
export interface AppPart {
  requestSingleInstanceLock(): boolean;
  enableSandbox(): void;
  whenReady(): Promise<void>;
  quit(): void;
  on(event: "second-instance", listener: () => void): unknown;
  on(event: "activate", listener: () => void): unknown;
  on(event: "before-quit", listener: () => void): unknown;
  on(event: "window-all-closed", listener: () => void): unknown;
  on(
    event: "web-contents-created",
    listener: (event: unknown, contents: ContentsPart) => void,
  ): unknown;
  on(
    event: "certificate-error",
    listener: (
      event: Preventable,
      contents: unknown,
      url: string,
      error: string,
      certificate: unknown,
      decide: Decide,
    ) => void,
  ): unknown;
  on(event: "select-client-certificate", listener: (event: Preventable) => void): unknown;
  on(event: "login", listener: (event: Preventable) => void): unknown;
}

/** One line of a menu. */
export interface MenuLine {
  label?: string;
  type?: "separator" | "submenu";
  role?: "copy" | "paste" | "selectAll";
  accelerator?: string;
  enabled?: boolean;
  click?: () => void;
  submenu?: MenuLine[];
}

/** The icon in the system's bar. */
export interface TrayPart {
  setToolTip(text: string): void;
  setLines(lines: readonly MenuLine[]): void;
  onClick(act: () => void): void;
}

/**
 * Decides how the rules of `origin-rules.ts` are put on a window: every way out of the page is
 * refused, whoever asks. A page that was taken over could then still do no more than the session's
 * level allows, and could tell nobody.
 */

import type { AppPart, ContentsPart, Navigation, SessionPart } from "./electron-parts.ts";
import { isGranted, isOfPage, isRequestOfPage } from "./origin-rules.ts";

/** The page that is allowed now; it changes with the daemon's port. */
export interface AllowedPage {
  /** "http://127.0.0.1:PORT", or null while no daemon has answered. */
  origin: string | null;
}

/** Closes a session: no rights, no devices, no downloads, no requests beyond the page's origin. */
export function guardSession(session: SessionPart, allowed: AllowedPage): void {
  session.setPermissionRequestHandler((_contents, permission, decide, details) => {
    decide(details.isMainFrame && isGranted(permission, details.requestingUrl, allowed.origin));
  });
  session.setPermissionCheckHandler((_contents, permission, origin) =>
    isGranted(permission, origin, allowed.origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.on("will-download", (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((request, answer) => {
    answer({ cancel: !isRequestOfPage(request.url, allowed.origin) });
  });
}

/** Closes the contents of a window: no other place, no second window, no page within the page. */
export function guardContents(contents: ContentsPart, allowed: AllowedPage): void {
  const stay = (navigation: Navigation) => {
    const isAllowed = navigation.isMainFrame && isOfPage(navigation.url, allowed.origin);
    if (!isAllowed) navigation.preventDefault();
  };
  contents.on("will-navigate", stay);
  contents.on("will-redirect", stay);
  contents.on("will-frame-navigate", stay);
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: "deny" }));
}

/**
 * Closes the program: whatever contents come about are guarded from their beginning, and nobody is
 * ever shown a certificate or asked for a password, since the page's address needs neither.
 */
export function guardApp(app: AppPart, allowed: AllowedPage): void {
  app.on("web-contents-created", (_event, contents) => guardContents(contents, allowed));
  app.on("certificate-error", (event, _contents, _url, _error, _certificate, decide) => {
    event.preventDefault();
    decide(false);
  });
  app.on("select-client-certificate", (event) => event.preventDefault());
  app.on("login", (event) => event.preventDefault());
}

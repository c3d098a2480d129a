/**
 * Decides what the window may reach: the daemon's page at its exact origin and nothing else. Any
 * program of this machine may listen on another port of 127.0.0.1, and whatever it serves is as
 * foreign as the rest of the world.
 */

/** The page as the daemon names it: loopback by number, no path, no query. */
const ADDRESS = /^http:\/\/127\.0\.0\.1:([1-9]\d{0,4})\/$/;

const PORT_MAX = 65_535;

/** A code is 32 bytes in base64url; it stands in the fragment, which no server is sent. */
const TARGET = /^(http:\/\/127\.0\.0\.1:[1-9]\d{0,4}\/)#code=([A-Za-z0-9_-]{43})$/;

/** The origin of the daemon's page, or null where the address is not one of a daemon. */
export function originOf(address: string): string | null {
  const port = Number(ADDRESS.exec(address)?.[1] ?? PORT_MAX + 1);
  return port > PORT_MAX ? null : `http://127.0.0.1:${port}`;
}

/** True where a URL lies at exactly this origin, without a name or a password in it. */
export function isOfPage(url: string, origin: string | null): boolean {
  const parsed = URL.parse(url);
  if (parsed === null || origin === null) return false;
  return parsed.origin === origin && parsed.username === "" && parsed.password === "";
}

/**
 * True where a request may leave the window: to the page's own origin, by HTTP or WebSocket. What
 * begins with `data:` holds its own bytes and reaches nobody.
 */
export function isRequestOfPage(url: string, origin: string | null): boolean {
  const parsed = URL.parse(url);
  if (parsed === null) return false;
  if (parsed.protocol === "data:") return true;
  if (parsed.protocol === "ws:") return isOfPage(url.replace(/^ws:/i, "http:"), origin);
  return isOfPage(url, origin);
}

/**
 * The one right that the page is given: it copies an address or a hash when asked to. Reading what
 * others have copied is another right, and refused.
 */
export function isGranted(permission: string, url: string, origin: string | null): boolean {
  return permission === "clipboard-sanitized-write" && isOfPage(url, origin);
}

/** Where a redirect file leads, if it leads to this address; null else. */
export function targetIn(redirectText: string, address: string): string | null {
  const named = /content="0; url=([^"]+)"/.exec(redirectText)?.[1] ?? "";
  const target = TARGET.exec(named);
  return target !== null && target[1] === address ? named : null;
}

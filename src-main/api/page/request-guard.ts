/**
 * Decides which requests the page's server listens to at all. Host and Origin must be exactly its
 * own: a name that was pointed at this machine (DNS rebinding) and a foreign page both stop here.
 */

import type { IncomingMessage } from "node:http";

import type { Rejection } from "../../contract/outcome.ts";

/** The address a server has. */
export interface OwnAddress {
  /** "127.0.0.1:PORT" */
  readonly host: string;
  /** "http://127.0.0.1:PORT" */
  readonly origin: string;
}

/** What a request shows of where it comes from. */
export type Provenance = Pick<IncomingMessage, "method" | "rawHeaders">;

/**
 * Why a request is not listened to; null when it is. Reading (GET, HEAD) may come without an
 * Origin, as browsers leave it out there; everything else must have one.
 * Codes: API_HOST, API_ORIGIN.
 */
export function requestRefusal(request: Provenance, own: OwnAddress): Rejection | null {
  const reads = request.method === "GET" || request.method === "HEAD";
  return provenanceRefusal(request, own, !reads);
}

/** The same for a WebSocket, whose opening is a GET but which must have an Origin. */
export function upgradeRefusal(request: Provenance, own: OwnAddress): Rejection | null {
  return provenanceRefusal(request, own, true);
}

function provenanceRefusal(
  request: Provenance,
  own: OwnAddress,
  originNeeded: boolean,
): Rejection | null {
  const hosts = valuesOf(request, "host");
  if (hosts.length !== 1 || hosts[0] !== own.host) {
    return { code: "API_HOST", facts: { host: shown(hosts), expected: own.host } };
  }
  const origins = valuesOf(request, "origin");
  if (origins.length === 0 && !originNeeded) return null;
  if (origins.length === 1 && origins[0] === own.origin) return null;
  return { code: "API_ORIGIN", facts: { origin: shown(origins), expected: own.origin } };
}

/** Every value of a header as it was sent: Node keeps only the first of some that repeat. */
function valuesOf({ rawHeaders }: Provenance, name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index].toLowerCase() === name) values.push(rawHeaders[index + 1]);
  }
  return values;
}

function shown(values: readonly string[]): string {
  return values.join(", ").slice(0, 128);
}

/**
 * Decides how the files of an export are fetched from a web server nobody trusts: plain GET, no
 * redirect, a limit on every answer's bytes and time, and a length that was promised is kept.
 */

import { get as getPlain } from "node:http";
import type { IncomingMessage } from "node:http";
import { get as getSecure } from "node:https";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { StaticSource } from "../../ports/static-files.ts";

/** How long a server may take. */
export interface HttpLimits {
  /** Without a byte. */
  readonly idleMs: number;
  /** For a whole answer, and for each MiB that it may have. */
  readonly answerMs: number;
}

/** A slow line moves a MiB in a minute; a server that says nothing for 10 s is not there. */
const LIMITS: HttpLimits = { idleMs: 10_000, answerMs: 60_000 };

const MIB = 1_048_576;

/** Files below an address; `http:` and `https:` alone. */
export function httpSource(address: URL, limits: HttpLimits = LIMITS): StaticSource {
  const base = address.href.endsWith("/") ? address.href : `${address.href}/`;
  return { read: (path, bytesMax) => fetchFile(new URL(path, base), bytesMax, limits) };
}

function fetchFile(
  address: URL,
  bytesMax: number,
  limits: HttpLimits,
): Promise<Outcome<Uint8Array>> {
  return new Promise((resolve) => {
    const get = address.protocol === "https:" ? getSecure : getPlain;
    const request = get(address, { headers: { "Accept-Encoding": "identity" } });
    const wholeMs = limits.answerMs * (1 + Math.floor(bytesMax / MIB));
    const timer = setTimeout(() => end(reject("EXPORT_TIMEOUT", { afterMs: wholeMs })), wholeMs);
    const end = (outcome: Outcome<Uint8Array>): void => {
      clearTimeout(timer);
      request.destroy();
      resolve(outcome);
    };
    request.setTimeout(limits.idleMs, () => {
      end(reject("EXPORT_TIMEOUT", { afterMs: limits.idleMs }));
    });
    request.on("error", (error: NodeJS.ErrnoException) => {
      end(reject("EXPORT_UNREACHABLE", { host: address.host, reason: error.code ?? "unknown" }));
    });
    request.on("response", (response) => readAnswer(response, bytesMax, end));
  });
}

function readAnswer(
  response: IncomingMessage,
  bytesMax: number,
  end: (outcome: Outcome<Uint8Array>) => void,
): void {
  const status = response.statusCode ?? 0;
  const due = Number(response.headers["content-length"] ?? NaN);
  if (status === 404 || status === 410) return end(reject("EXPORT_MISSING", { status }));
  if (status >= 300 && status < 400) return end(reject("EXPORT_REDIRECT", { status }));
  if (status !== 200) return end(reject("EXPORT_STATUS", { status }));
  if (due > bytesMax) return end(reject("EXPORT_TOO_LONG", { bytes: due, max: bytesMax }));
  const chunks: Buffer[] = [];
  let held = 0;
  response.on("data", (chunk: Buffer) => {
    held += chunk.length;
    if (held > bytesMax) end(reject("EXPORT_TOO_LONG", { max: bytesMax }));
    else chunks.push(chunk);
  });
  response.on("end", () => {
    if (!response.complete || (!Number.isNaN(due) && held !== due)) {
      end(reject("EXPORT_TRUNCATED", { bytes: held }));
    } else end(accept(new Uint8Array(Buffer.concat(chunks))));
  });
  response.on("error", () => end(reject("EXPORT_TRUNCATED", { bytes: held })));
  response.on("aborted", () => end(reject("EXPORT_TRUNCATED", { bytes: held })));
}

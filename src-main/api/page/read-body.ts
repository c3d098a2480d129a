/** Decides what body a request may have: JSON, declared as such, within a size. */

import type { IncomingMessage } from "node:http";

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { CLOSE_GRACE_MS } from "../limits.ts";
import { readJson } from "../message-lines.ts";

/** The only type: a form of another page cannot send it without being asked for permission. */
const JSON_TYPE = /^application\/json(?:\s*;\s*charset=utf-8)?$/i;

/**
 * Reads a body as JSON.
 * @rejects API_CONTENT_TYPE, API_MESSAGE_SIZE (over bytesMax), API_PARSE
 */
export async function readJsonBody(
  request: IncomingMessage,
  bytesMax: number,
): Promise<Outcome<unknown>> {
  const type = request.headers["content-type"] ?? "";
  if (!JSON_TYPE.test(type)) return reject("API_CONTENT_TYPE", { type: type.slice(0, 64) });
  if (Number(request.headers["content-length"] ?? 0) > bytesMax) {
    return reject("API_MESSAGE_SIZE", { bytesMax });
  }
  const bytes = await readBytes(request, bytesMax);
  if (bytes === null) return reject("API_MESSAGE_SIZE", { bytesMax });
  const message = readJson(bytes.toString("utf8"));
  return message === undefined ? reject("API_PARSE") : accept(message);
}

/**
 * Lets what is left of a body pass unread, for a moment: who is still sending would otherwise lose
 * the answer with the connection.
 */
export function passBody(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, CLOSE_GRACE_MS);
    function done() {
      clearTimeout(timer);
      resolve();
    }
    request.once("end", done);
    request.once("close", done);
    request.resume();
  });
}

/** The whole body; null when it is longer. Rejects when the sender goes away. */
function readBytes(request: IncomingMessage, bytesMax: number): Promise<Buffer | null> {
  return new Promise((resolve, fail) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) {
        parts.push(chunk);
        return;
      }
      request.off("data", take);
      resolve(null);
    };
    request.on("data", take);
    request.on("end", () => resolve(Buffer.concat(parts)));
    request.on("error", fail);
    request.on("close", () => fail(new Error("the sender has gone")));
  });
}

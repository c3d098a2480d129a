/**
 * Decides how a meter is asked over HTTP: one GET with a limit of time and of bytes, no redirect (a
 * device has none; one would lead the login elsewhere). Addresses and logins are in no fault.
 */

import { Fault } from "../../contract/outcome.ts";
import { HTTP_BODY_BYTES_MAX, REQUEST_MS } from "./limits.ts";
import type { MeterNeeds } from "./meter-needs.ts";

/** What came back. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Asks once.
 * Throws Fault METERS_UNREACHABLE, METERS_LOCAL_NETWORK, METERS_TIMEOUT or METERS_ANSWER (an answer
 * that is too long or no HTTP).
 */
export async function askHttp(
  url: URL,
  headers: Readonly<Record<string, string>>,
  needs: MeterNeeds,
): Promise<HttpReply> {
  const signal = AbortSignal.timeout(needs.requestMs ?? REQUEST_MS);
  try {
    // A plug serves few connections, and one kept open would outlast the pause between readings.
    const all = { ...headers, connection: "close" };
    const reply = await fetch(url, { headers: all, signal, redirect: "manual" });
    return { status: reply.status, headers: reply.headers, text: await boundedText(reply) };
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw connectionFault(error, url.host, needs.platform ?? process.platform);
  }
}

async function boundedText(reply: Response): Promise<string> {
  if (reply.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of reply.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > HTTP_BODY_BYTES_MAX) {
      const facts = { bytesMax: HTTP_BODY_BYTES_MAX };
      throw new Fault("METERS_ANSWER", "the meter's answer is too long", facts);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Characters of what a library said where it gave no code. */
const SAID_MAX = 96;

/** Codes of a system that says "no way there"; macOS says it where the permission is missing. */
const NO_ROUTE = new Set(["EHOSTUNREACH", "EPERM", "EACCES"]);

/** The fault behind a connection that failed: what the system said decides the code. */
export function connectionFault(error: unknown, host: string, platform: string): Fault {
  const code = causeCode(error);
  const facts = { host, said: code };
  const { name } = error as Error;
  if (name === "TimeoutError" || name === "AbortError" || code === "ETIMEDOUT") {
    return new Fault("METERS_TIMEOUT", "the meter did not answer in time", { host }, error);
  }
  if (platform === "darwin" && NO_ROUTE.has(code)) {
    return new Fault("METERS_LOCAL_NETWORK", "macOS lets no packet through", facts, error);
  }
  if (code.startsWith("HPE_")) {
    return new Fault("METERS_ANSWER", "the meter answered something that is no HTTP", facts, error);
  }
  return new Fault("METERS_UNREACHABLE", "the meter could not be reached", facts, error);
}

function causeCode(error: unknown): string {
  let said = "no code";
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException;
    if (typeof code === "string") return code;
    said = at.message.slice(0, SAID_MAX);
  }
  return said;
}

/** The fault of a status that is not 200; undefined for 200. */
export function statusFault({ status }: HttpReply, host: string): Fault | undefined {
  if (status === 200) return undefined;
  const facts = { host, status };
  if (status === 401 || status === 403) {
    return new Fault("METERS_LOGIN", "the meter refused the login", facts);
  }
  if (status === 404) {
    return new Fault("METERS_NO_ENTITY", "the device does not know what was asked for", facts);
  }
  if (status === 503 || status === 429) {
    return new Fault("METERS_NO_VALUE", "the device is busy", facts);
  }
  return new Fault("METERS_ANSWER", "the device answered with an error", facts);
}

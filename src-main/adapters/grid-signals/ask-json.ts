/**
 * Decides how a service is asked: one GET with a time limit, no redirect (a key would go along), an
 * answer of bounded size. What is wrong has a code; neither keys nor answers are in any message.
 */

import { readFileSync } from "node:fs";

import { Fault } from "../../contract/outcome.ts";
import { ANSWER_BYTES_MAX, ASK_WITHIN_MS, KEY_BYTES_MAX } from "./limits.ts";

/** What is sent along. */
export interface Asking {
  readonly headers?: Readonly<Record<string, string>>;
  readonly withinMs?: number;
}

/**
 * The JSON of an address. Throws Fault GRID_SIGNALS_UNREACHABLE, _REFUSED (401, 403), _LIMIT (429,
 * with `waitMs` where the service says it), _ZONE (400, 404), _ANSWER.
 */
export async function askJson(
  url: string,
  { headers = {}, withinMs }: Asking = {},
): Promise<unknown> {
  const { host } = new URL(url);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      headers: { accept: "application/json", ...headers },
      redirect: "error",
      signal: AbortSignal.timeout(withinMs ?? ASK_WITHIN_MS),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw refusal(host, response);
    }
    text = await boundedText(host, response);
  } catch (error) {
    if (error instanceof Fault) throw error;
    const why = error instanceof Error ? error.name : "unknown";
    throw new Fault("GRID_SIGNALS_UNREACHABLE", `${host} did not answer`, { host, why });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw answerFault(host, "it is no JSON");
  }
}

/** The fault of an answer in another shape. */
export function answerFault(host: string, why: string): Fault {
  return new Fault("GRID_SIGNALS_ANSWER", `${host}: ${why}`, { host, why });
}

/** The first line of a key file. Throws Fault GRID_SIGNALS_KEY. */
export function readKey(file: string): string {
  try {
    const key = readFileSync(file, "utf8").split(/\r?\n/, 1)[0].trim();
    if (key !== "" && key.length <= KEY_BYTES_MAX) return key;
  } catch {
    // Said below, with the file's name and nothing of what is in it.
  }
  throw new Fault("GRID_SIGNALS_KEY", `${file} holds no key`, { file });
}

function refusal(host: string, { status, headers }: Response): Fault {
  if (status === 401 || status === 403) {
    return new Fault("GRID_SIGNALS_REFUSED", `${host} refused the key`, { host, status });
  }
  if (status === 429) {
    const seconds = Number(headers.get("retry-after") ?? "");
    const waitMs = Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds * 1_000) : 0;
    return new Fault("GRID_SIGNALS_LIMIT", `${host} takes no more`, { host, waitMs });
  }
  if (status === 400 || status === 404) {
    return new Fault("GRID_SIGNALS_ZONE", `${host} does not know the zone`, { host, status });
  }
  return new Fault("GRID_SIGNALS_UNREACHABLE", `${host} answered ${status}`, { host, status });
}

async function boundedText(host: string, response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const body = (response.body ?? []) as AsyncIterable<Uint8Array>;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > ANSWER_BYTES_MAX) throw answerFault(host, "it is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

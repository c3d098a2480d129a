/**
 * Decides where the secrets lie that a machine without people gets from outside: what the settings
 * name; for the worker's key else systemd's credential of that name; else none.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";

import { Fault } from "../../contract/outcome.ts";
import { readGivenText } from "../../wallet/index.ts";
import type { Config } from "../config/keys.ts";

/** Name of the credential in a unit's `LoadCredential=`. */
const WORKER_KEY = "worker-key";

/** Where the worker's key is given; null where the folder keeps its own. */
export function givenWorkerKey(
  { mining }: Config,
  environment: NodeJS.ProcessEnv = process.env,
): string | null {
  return mining.workerKeyFile === "" ? credential(WORKER_KEY, environment) : mining.workerKeyFile;
}

/**
 * The token that a scrape must carry; null where none is asked for.
 * Throws Fault WALLET_GIVEN_TOKEN and those of `readGivenText`.
 */
export function givenMetricsToken({ page }: Config): string | null {
  const file = page.metricsTokenFile;
  if (file === "") return null;
  const token = readGivenText(file).trim();
  if (/^[A-Za-z0-9\-._~+/=]{16,512}$/.test(token)) return token;
  throw new Fault("WALLET_GIVEN_TOKEN", `${file} does not hold a token`, { file });
}

function credential(name: string, environment: NodeJS.ProcessEnv): string | null {
  const folder = environment["CREDENTIALS_DIRECTORY"];
  if (folder === undefined || folder === "") return null;
  const file = join(folder, name);
  return existsSync(file) ? file : null;
}

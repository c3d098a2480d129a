/** Wallets of known keys in a real daemon's folder, made without the command's questions. */

import { join } from "node:path";

import { expect } from "vitest";

import type { ControlClient } from "../../../src-main/api/index.ts";
import type { MethodName, MethodParams } from "../../../src-main/contract/control-api/index.ts";
import { addressOfSecretKey, addressToText } from "../../../src-main/crypto/index.ts";
import { sealKeystore, storeWallet } from "../../../src-main/wallet/index.ts";
import type { TestHome } from "../processes/run-vivian.ts";

/** What every wallet here opens with; no file or log may ever hold it. */
export const PASSWORD = "correct horse battery";

/** One VIV in the smallest unit. */
export const VIV = 10n ** 18n;

/** Writes a wallet whose key is one byte repeated; answers its address. */
export async function makeWallet(
  home: TestHome,
  name: string,
  fill: number,
  cost: number = 1_024,
): Promise<string> {
  const secret = new Uint8Array(32).fill(fill);
  const key = { secret, address: addressOfSecretKey(secret) };
  // A usual keystore costs a second a try; most tests count tries and not seconds.
  const keystore = await sealKeystore(key, PASSWORD, cost);
  const stored = storeWallet(home.folder.keys, name, { keystore, replace: false });
  if (!stored.ok) throw new Error(stored.rejection.code);
  return addressToText(key.address);
}

/** Sends VIV from the owner's account as `vivian wallet send` does. */
export async function fund(home: TestHome, address: string, viv: string): Promise<void> {
  const ran = await home.run(["wallet", "send", address, viv, "--yes"]);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
}

/** Calls a method and answers its code; empty where it was accepted. */
export async function codeOf<M extends MethodName>(
  client: ControlClient,
  method: M,
  params: MethodParams<M>,
): Promise<string> {
  const answer = await client.call(method, params, 60_000);
  return answer.ok ? "" : answer.rejection.code;
}

/** The daemon's connection. */
export async function connected(home: TestHome): Promise<ControlClient> {
  const client = await home.connect();
  if (client === null) throw new Error("no daemon answers");
  return client;
}

/** The file that counts wrong passwords. */
export const attemptsFile = (home: TestHome, name: string): string =>
  join(home.folder.keys, `${name}.attempts`);

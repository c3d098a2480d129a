/** Decides whose account a command acts for, and when its key is opened: last, and once. */

import { join } from "node:path";

import type { Command } from "commander";

import { addressOfSecretKey } from "../../crypto/index.ts";
import {
  checkKeystore,
  openWallet,
  readKeyFile,
  readWallet,
  statedAddress,
} from "../../wallet/index.ts";
import type { AccountKey } from "../../wallet/index.ts";
import { CommandFailure, need } from "./failure.ts";
import { askPassword } from "./password.ts";
import type { Questions } from "./questions.ts";
import type { Session } from "./session.ts";

/** What every command that signs may be told. */
export interface PayingOptions {
  readonly from?: string;
  readonly passwordFile?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
  /** Whose key signs where no wallet is named; the owner's unless given. */
  readonly signer?: "owner" | "worker";
}

/** Who pays: the address is known before its key is. */
export interface PayingAccount {
  readonly name: string;
  readonly address: Uint8Array;
  readonly key: (ask: Questions) => Promise<AccountKey>;
}

/** Adds the options that every command that signs has. */
export function withPayingOptions(command: Command): Command {
  return command
    .option("--from <name>", "the wallet that pays and signs, as `wallet create` named it")
    .option("--password-file <file>", "file whose first line is the wallet's password")
    .option("--yes", "send without asking")
    .option("--json", "answer as JSON, amounts in units of 10^-18 VIV");
}

/** The owner's development key, or a wallet by its name. */
export function payingAccount({ folder }: Session, options: PayingOptions): PayingAccount {
  if (options.from === undefined) {
    const name = options.signer ?? "owner";
    const file = join(folder.keys, `${name}.key`);
    const read = readKeyFile(file, "secp256k1");
    if (read === null) throw new CommandFailure({ code: "WALLET_KEY_MISSING", facts: { file } });
    const address = addressOfSecretKey(read.secret);
    return { name, address, key: () => Promise.resolve({ ...read, address }) };
  }
  const name = options.from;
  const keystore = need(readWallet(folder.keys, name));
  need(checkKeystore(keystore));
  const address = statedAddress(keystore);
  if (address === null) {
    throw new CommandFailure({ code: "WALLET_KEYSTORE_FORM", facts: { part: "address" } });
  }
  return { name, address, key: (ask) => walletKey(folder.keys, name, options, ask) };
}

async function walletKey(
  keys: string,
  name: string,
  { passwordFile }: PayingOptions,
  ask: Questions,
): Promise<AccountKey> {
  const password = await askPassword(ask, passwordFile, `Password of ${name} (not shown): `);
  return need(await openWallet(keys, name, password, Date.now()));
}

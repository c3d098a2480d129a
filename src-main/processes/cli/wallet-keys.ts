/**
 * Decides how a wallet is made, brought from elsewhere and taken away. Its secret is asked for or
 * read from a file, never taken from the command line; a recovery phrase is shown once.
 */

import { readFileSync, statSync } from "node:fs";

import type { Command } from "commander";

import { systemEntropy } from "../../adapters/host/index.ts";
import { bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { addressOfSecretKey, addressToText, checkSecretKey } from "../../crypto/index.ts";
import {
  checkKeystore,
  checkNewWallet,
  KEYSTORE_BYTES_MAX,
  keyOfPhrase,
  makePhrase,
  openForeignKeystore,
  openWallet,
  parsePhrase,
  readWallet,
  sealKeystore,
  storeWallet,
  writeExport,
} from "../../wallet/index.ts";
import type { AccountKey, PhraseLength } from "../../wallet/index.ts";
import { confirmPhrase, phraseLines } from "./confirm-phrase.ts";
import { need } from "./failure.ts";
import { askNewPassword, askPassword, needLine } from "./password.ts";
import { withQuestions } from "./questions.ts";
import type { Questions } from "./questions.ts";
import { readPhraseLength } from "./read-number.ts";
import { answer, openSession } from "./session.ts";
import type { Session } from "./session.ts";
import { CREATE_HELP, EXPORT_HELP, IMPORT_HELP } from "./wallet-help.ts";

/** A wallet's name where none is given. */
const FIRST_NAME = "main";

interface KeyOptions {
  readonly words: PhraseLength;
  readonly file?: string;
  readonly out?: string;
  readonly privateKey?: boolean;
  readonly passwordFile?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Adds `create`, `import` and `export`. */
export function addWalletKeys(wallet: Command): void {
  wallet
    .command("create")
    .argument("[name]", "what to call it", FIRST_NAME)
    .description("make a wallet of your own, with a recovery phrase")
    .option("--words <count>", "words of the phrase, 12 or 24", readPhraseLength, 12)
    .option("--password-file <file>", "file whose first line is the new password")
    .option("--force", "take the name of a wallet that exists; that one is moved aside")
    .option("--json", "answer as JSON")
    .addHelpText("after", CREATE_HELP)
    .action((name: string, options: KeyOptions) => createWallet(name, options));
  wallet
    .command("import")
    .argument("[name]", "what to call it", FIRST_NAME)
    .description("bring a wallet: a recovery phrase, a private key, or a keystore file")
    .option("--file <file>", "read it from a file instead of asking")
    .option("--password-file <file>", "file whose first line is the wallet's password")
    .option("--force", "take the name of a wallet that exists; that one is moved aside")
    .option("--json", "answer as JSON")
    .addHelpText("after", IMPORT_HELP)
    .action((name: string, options: KeyOptions) => importWallet(name, options));
  wallet
    .command("export")
    .argument("[name]", "which wallet", FIRST_NAME)
    .description("write a wallet to a file that other wallets read")
    .requiredOption("--out <file>", "the file to write")
    .option("--private-key", "write the key itself, unprotected, instead of the keystore")
    .option("--password-file <file>", "file whose first line is the wallet's password")
    .option("--force", "replace the file if it exists")
    .option("--json", "answer as JSON")
    .addHelpText("after", EXPORT_HELP)
    .action((name: string, options: KeyOptions) => exportWallet(name, options));
}

async function createWallet(name: string, options: KeyOptions): Promise<void> {
  const session = openSession(options);
  need(checkNewWallet(session.folder.keys, name, options.force === true));
  await withQuestions(async (ask) => {
    const password = await askNewPassword(ask, options.passwordFile);
    const phrase = makePhrase(options.words, (bytes) => systemEntropy.bytes(bytes));
    for (const line of phraseLines(phrase)) ask.tell(line);
    await confirmPhrase(ask, phrase, systemEntropy.bytes(32));
    await keep(session, name, options, { key: keyOfPhrase(phrase), password });
  });
}

async function importWallet(name: string, options: KeyOptions): Promise<void> {
  const session = openSession(options);
  need(checkNewWallet(session.folder.keys, name, options.force === true));
  await withQuestions(async (ask) => {
    const brought =
      options.file === undefined
        ? needLine(await ask.hidden("Recovery phrase or private key (not shown): "))
        : need(readImport(options.file));
    await keep(session, name, options, await readKey(session, brought, options, ask));
  });
}

interface NewWallet {
  readonly key: AccountKey;
  readonly password: string;
}

/** What was brought is known by its form: "{" begins a keystore, 64 hex digits are a key. */
async function readKey(
  { folder }: Session,
  text: string,
  options: KeyOptions,
  ask: Questions,
): Promise<NewWallet> {
  const brought = text.trim();
  if (brought.startsWith("{")) {
    need(checkKeystore(brought));
    const password = await askPassword(ask, options.passwordFile, "Its password (not shown): ");
    const opened = await openForeignKeystore(folder.keys, brought, password, Date.now());
    return { key: need(opened), password };
  }
  const key = need(/^(0x)?[0-9a-fA-F]{64}$/.test(brought) ? keyOfHex(brought) : phraseKey(brought));
  return { key, password: await askNewPassword(ask, options.passwordFile) };
}

function keyOfHex(text: string): Outcome<AccountKey> {
  const secret = checkSecretKey("secp256k1", hexToBytes(text.replace(/^0x/, "").toLowerCase()));
  if (!secret.ok) return secret;
  return accept({ secret: secret.value, address: addressOfSecretKey(secret.value) });
}

function phraseKey(text: string): Outcome<AccountKey> {
  const phrase = parsePhrase(text);
  return phrase.ok ? accept(keyOfPhrase(phrase.value)) : phrase;
}

function readImport(file: string): Outcome<string> {
  try {
    if (statSync(file).size > KEYSTORE_BYTES_MAX) {
      return reject("WALLET_IMPORT_FILE", { file, bytesMax: KEYSTORE_BYTES_MAX });
    }
    return accept(readFileSync(file, "utf8"));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
    return reject("WALLET_IMPORT_FILE", { file, reason });
  }
}

async function keep(
  session: Session,
  name: string,
  options: KeyOptions,
  { key, password }: NewWallet,
): Promise<void> {
  const keystore = await sealKeystore(key, password);
  const where = { keystore, replace: options.force === true };
  const { file, former } = need(storeWallet(session.folder.keys, name, where));
  const address = addressToText(key.address);
  answer(session, { name, address, file, former }, [
    `Wallet ${name} is ready: ${address}`,
    `Kept encrypted in ${file}`,
    ...(former === null ? [] : [`The former wallet of that name is now ${former}`]),
    `Pay from it with \`vivian wallet send ADDRESS AMOUNT --from ${name}\`.`,
    `Pay a job with \`vivian job submit --data PATH --wallet ${name}\`; without it the owner's ` +
      "account pays.",
  ]);
}

async function exportWallet(name: string, options: KeyOptions): Promise<void> {
  const session = openSession(options);
  const { keys } = session.folder;
  const { out } = options as { out: string };
  const keystore = need(readWallet(keys, name));
  need(checkKeystore(keystore));
  const text = await withQuestions(async (ask) => {
    // Asked for the keystore too: a copy whose password nobody knows is no backup.
    const question = `Password of ${name} (not shown): `;
    const password = await askPassword(ask, options.passwordFile, question);
    const { secret } = need(await openWallet(keys, name, password, Date.now()));
    return options.privateKey === true ? `0x${bytesToHex(secret)}\n` : keystore;
  });
  need(writeExport(out, text, options.force === true));
  const isPlain = options.privateKey === true;
  answer(session, { name, file: out, encrypted: !isPlain }, [
    isPlain
      ? `The private key of ${name} is in ${out}, unprotected: whoever reads it can spend all.`
      : `A copy of ${name} is in ${out}; the same password opens it.`,
  ]);
}

/**
 * Decides how VIV is sent: everything is checked and shown first, the record is made and signed
 * here, and the daemon only passes it on. So the key may be one that no daemon has.
 */

import { join } from "node:path";

import type { Command } from "commander";

import { nativeSha256 } from "../../adapters/native-crypto/index.ts";
import type { ControlClient } from "../../api/index.ts";
import { bytesEqual, bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import type { Sent } from "../../contract/control-api/index.ts";
import { exactViv, formatCount, parseViv } from "../../contract/units.ts";
import { addressOfSecretKey, addressToText, parseAddress } from "../../crypto/index.ts";
import {
  checkKeystore,
  openWallet,
  readKeyFile,
  readWallet,
  statedAddress,
} from "../../wallet/index.ts";
import type { AccountKey } from "../../wallet/index.ts";
import { pricesAt } from "../../ledger/index.ts";
import { readGenesis } from "../daemon/founding.ts";
import { signTransfer, SPEND_LANE, transferCost } from "../transfer-record.ts";
import { checkReceipt } from "./check-receipt.ts";
import { CommandFailure, need } from "./failure.ts";
import { askPassword } from "./password.ts";
import { needYes, withQuestions } from "./questions.ts";
import type { Questions } from "./questions.ts";
import { answer, openSession, say, withDaemon } from "./session.ts";
import type { Session } from "./session.ts";
import { pairs } from "./table.ts";

/** Longest wait for the commit that holds the payment. */
const SEND_TIMEOUT_MS = 60_000;

interface SendOptions {
  readonly from?: string;
  readonly passwordFile?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Who pays: the address is known before its key is. */
interface Sender {
  readonly name: string;
  readonly address: Uint8Array;
  readonly key: (ask: Questions) => Promise<AccountKey>;
}

const EXAMPLES = `
What would be sent is shown first, with the fee and what is left; nothing moves before you say yes.
AMOUNT is in VIV, with up to 18 decimals. Without --from the owner's own account pays.

Examples:
  vivian wallet send ADDRESS 12.5
  vivian wallet send ADDRESS 0.25 --from savings
  vivian wallet send ADDRESS 1 --yes --json`;

/** Adds `send`. */
export function addSend(wallet: Command): void {
  wallet
    .command("send")
    .argument("<to>", "address of the receiver, 0x and 40 hex digits")
    .argument("<amount>", "how many VIV")
    .description("send VIV to another account")
    .option("--from <name>", "the wallet that pays, as `wallet create` named it")
    .option("--password-file <file>", "file whose first line is the wallet's password")
    .option("--yes", "send without asking")
    .option("--json", "answer as JSON, amounts in units of 10^-18 VIV")
    .addHelpText("after", EXAMPLES)
    .action(async (to: string, amount: string, options: SendOptions) => {
      const session = openSession(options);
      const receiver = need(parseAddress(to));
      const amountBase = needAmount(amount);
      await withDaemon(session, async (client) => {
        const sender = senderOf(session, options);
        if (bytesEqual(sender.address, receiver)) {
          throw new CommandFailure({ code: "WALLET_SELF", facts: { address: to } });
        }
        await send(session, client, sender, { to: receiver, amountBase, yes: options.yes });
      });
    });
}

interface Payment {
  readonly to: Uint8Array;
  readonly amountBase: bigint;
  readonly yes: boolean | undefined;
}

async function send(
  session: Session,
  client: ControlClient,
  sender: Sender,
  { to, amountBase, yes }: Payment,
): Promise<void> {
  const genesis = readGenesis(session.folder.genesis);
  if (genesis === null) throw new CommandFailure({ code: "PROCESSES_NO_LEDGER" });
  const asked = { address: addressToText(sender.address), lane: SPEND_LANE };
  const account = need(await client.call("wallet.account", asked));
  const { valueNote } = need(await client.call("wallet.show", {}));
  const heldBase = BigInt(account.balanceBase);
  const nonce = BigInt(account.nonce);
  const { costBase: feeBase, maxFeeBase } = transferCost(
    pricesAt(genesis.constants),
    sender.address,
    { nonce, spareBase: heldBase - amountBase },
  );
  const leftBase = heldBase - amountBase - feeBase;
  if (leftBase < 0n) {
    const facts = { balance: viv(heldBase), needed: viv(amountBase + feeBase) };
    throw new CommandFailure({ code: "WALLET_BALANCE_SHORT", facts });
  }
  const preview = pairs([
    ["send", viv(amountBase) + (valueNote === "" ? "" : ` (${valueNote})`)],
    ["from", `${addressToText(sender.address)} (${sender.name})`],
    ["to", addressToText(to)],
    ["fee", viv(feeBase)],
    ["left", `${viv(leftBase)} of ${viv(heldBase)}`],
  ]);
  const key = await withQuestions(async (ask) => {
    if (yes === true) for (const line of preview) say(session, line);
    else {
      for (const line of preview) ask.tell(line);
      await needYes(ask, "Send it?", "WALLET_NOT_CONFIRMED");
    }
    return sender.key(ask);
  });
  const when = { nonce, nowMs: Date.now(), maxFeeBase };
  const stored = signTransfer(nativeSha256, genesis, key, { to, amountBase }, when);
  const sent = await passOn(client, bytesToHex(stored));
  const receipt = await receiptOf(session, client, sent.slot);
  const amounts = { amountBase: String(amountBase), balanceBase: String(leftBase) };
  const parties = { from: addressToText(sender.address), to: addressToText(to) };
  answer(session, { ...sent, ...amounts, ...parties, receipt }, [
    `Sent: record slot ${formatCount(sent.slot)}, fee ${viv(BigInt(sent.feeBase))}.`,
    ...(receipt === null
      ? [`Its receipt is not there yet; ask with \`vivian wallet receipt ${sent.slot}\`.`]
      : [
          `Receipt, checked here: ${receipt}`,
          "Whoever has it can check it with `vivian wallet receipt verify`.",
        ]),
  ]);
}

/** Refusals after which the daemon may have the payment all the same. */
const UNCERTAIN: readonly string[] = ["API_TIMEOUT", "API_CLOSED", "API_RESULT", "API_INTERNAL"];

/** Hands a signed payment to the daemon. Throws WALLET_SEND_UNKNOWN, or why it was refused. */
async function passOn(client: ControlClient, record: string): Promise<Sent> {
  const answered = await client.call("wallet.send", { record }, SEND_TIMEOUT_MS);
  if (!answered.ok && UNCERTAIN.includes(answered.rejection.code)) {
    const facts = { because: answered.rejection.code };
    throw new CommandFailure({ code: "WALLET_SEND_UNKNOWN", facts });
  }
  const sent = need(answered);
  if (sent.code === "") return sent;
  const facts = { slot: sent.slot, fee: viv(BigInt(sent.feeBase)) };
  throw new CommandFailure({ code: sent.code, facts });
}

/** The file of the receipt, checked; null where there is none yet: the payment stands without. */
async function receiptOf(
  session: Session,
  client: ControlClient,
  slot: number,
): Promise<string | null> {
  const receipt = await client.call("wallet.receipt", { slot }, SEND_TIMEOUT_MS);
  if (!receipt.ok) return null;
  need(checkReceipt(session.folder, slot, hexToBytes(receipt.value.bytes)));
  return receipt.value.file;
}

function viv(amountBase: bigint): string {
  return `${exactViv(amountBase)} VIV`;
}

function needAmount(text: string): bigint {
  const amountBase = parseViv(text);
  if (amountBase === null || amountBase < 0n) {
    throw new CommandFailure({ code: "WALLET_AMOUNT", facts: { amount: text.slice(0, 64) } });
  }
  if (amountBase === 0n) throw new CommandFailure({ code: "WALLET_AMOUNT_ZERO" });
  return amountBase;
}

/** The owner's development key, or a wallet by its name. */
function senderOf({ folder }: Session, options: SendOptions): Sender {
  if (options.from === undefined) {
    const file = join(folder.keys, "owner.key");
    const read = readKeyFile(file, "secp256k1");
    if (read === null) throw new CommandFailure({ code: "WALLET_KEY_MISSING", facts: { file } });
    const address = addressOfSecretKey(read.secret);
    return { name: "owner", address, key: () => Promise.resolve({ ...read, address }) };
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
  { passwordFile }: SendOptions,
  ask: Questions,
): Promise<AccountKey> {
  const password = await askPassword(ask, passwordFile, `Password of ${name} (not shown): `);
  return need(await openWallet(keys, name, password, Date.now()));
}

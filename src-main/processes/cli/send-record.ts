/**
 * Decides how any record of an account is sent from the command line: what it does and costs is
 * shown first, it is signed here, and the daemon only passes it on.
 */

import type { ControlClient } from "../../api/index.ts";
import { nativeSha256 } from "../../adapters/native-crypto/sha256.ts";
import { bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import type { Sent } from "../../contract/control-api/index.ts";
import { exactViv, formatCount } from "../../contract/units.ts";
import { addressToText, parseAddress } from "../../crypto/index.ts";
import type { Payload } from "../../ledger/index.ts";
import type { AccountKey } from "../../wallet/index.ts";
import { feePrices, recordCost, signAccountRecord, SPEND_LANE } from "../account-record.ts";
import { readGenesis } from "../read-genesis.ts";
import { checkReceipt } from "./check-receipt.ts";
import { CommandFailure, need } from "./failure.ts";
import { payingAccount } from "./paying-account.ts";
import type { PayingAccount, PayingOptions } from "./paying-account.ts";
import { needYes, withQuestions } from "./questions.ts";
import { answer, say } from "./session.ts";
import type { Session } from "./session.ts";
import { pairs } from "./table.ts";

/** Longest wait for the commit that holds the record. */
const SEND_TIMEOUT_MS = 60_000;

/** Whom a record is of, when its signing key was rotated away from its address. */
export interface RecordOptions extends PayingOptions {
  readonly account?: string;
}

/** A record before its key is opened. */
export interface RecordPlan {
  /** The payload, or one with fields of the same sizes where the real one needs the key. */
  readonly draft: Payload;
  /** The real payload, where it needs the key. */
  readonly make?: (key: AccountKey) => Payload;
  /** VIV that it moves out of the balance beside fee and deposit. */
  readonly movesBase?: bigint;
  /** What it does, one line for each fact. */
  readonly lines: readonly (readonly [string, string])[];
  /** What becomes of the deposit, where it is not given back later. */
  readonly depositWords?: string;
  /** Asked before it is signed. */
  readonly question: string;
}

/**
 * Shows, asks, signs, sends, and answers what became of it.
 * Throws CommandFailure with the code of the refusal.
 */
export async function sendRecord(
  session: Session,
  client: ControlClient,
  options: RecordOptions,
  plan: RecordPlan,
): Promise<Sent> {
  const genesis = readGenesis(session.folder.genesis);
  if (genesis === null) throw new CommandFailure({ code: "PROCESSES_NO_LEDGER" });
  const payer = payingAccount(session, options);
  const account = accountOf(payer, options);
  const asked = { address: addressToText(account), lane: SPEND_LANE };
  const held = need(await client.call("wallet.account", asked));
  const nonce = BigInt(held.nonce);
  const prices = feePrices(need(await client.call("ledger.prices", {})));
  const cost = recordCost(prices, account, plan.draft, nonce);
  const heldBase = BigInt(held.balanceBase);
  const neededBase = (plan.movesBase ?? 0n) + cost.feeBase + cost.depositBase;
  if (heldBase < neededBase) {
    const facts = { balance: viv(heldBase), needed: viv(neededBase) };
    throw new CommandFailure({ code: "WALLET_BALANCE_SHORT", facts });
  }
  const preview = pairs([
    ...plan.lines,
    ["account", `${addressToText(account)} (${payer.name})`],
    ["fee", `at most ${viv(cost.feeBase)}`],
    ...(cost.depositBase === 0n
      ? []
      : ([
          [
            "deposit",
            `at most ${viv(cost.depositBase)}, ${plan.depositWords ?? "given back later"}`,
          ],
        ] as const)),
    ["balance", viv(heldBase)],
  ]);
  const key = await confirmedKey(session, payer, options, preview, plan.question);
  // The maximum is set aside while the record is applied, so it must not ask for what is moved.
  const spareBase = heldBase - (plan.movesBase ?? 0n) - cost.depositBase;
  const maxFeeBase = cost.maxFeeBase < spareBase ? cost.maxFeeBase : spareBase;
  const stored = signAccountRecord(
    nativeSha256,
    genesis,
    { account, secret: key.secret },
    plan.make?.(key) ?? plan.draft,
    { nonce, nowMs: Date.now(), maxFeeBase },
  );
  return passOn(client, "ledger.submit", bytesToHex(stored));
}

/** Sends, and says where the record stands and that its receipt holds. */
export async function sendAndTell(
  session: Session,
  client: ControlClient,
  options: RecordOptions,
  plan: RecordPlan,
  done: (sent: Sent) => string,
): Promise<Sent> {
  const sent = await sendRecord(session, client, options, plan);
  const receipt = await receiptOf(session, client, sent.slot);
  answer(session, { ...sent, receipt }, [
    `${done(sent)} Record slot ${formatCount(sent.slot)}, fee ${viv(BigInt(sent.feeBase))}.`,
    ...(receipt === null ? [] : [`Receipt, checked here: ${receipt}`]),
  ]);
  return sent;
}

function accountOf(payer: PayingAccount, { account }: RecordOptions): Uint8Array {
  return account === undefined ? payer.address : need(parseAddress(account));
}

/** Shows what is to be sent, asks unless told not to, and then opens the key. */
export async function confirmedKey(
  session: Session,
  payer: PayingAccount,
  { yes }: { readonly yes?: boolean | undefined },
  preview: readonly string[],
  question: string,
): Promise<AccountKey> {
  return withQuestions(async (ask) => {
    if (yes === true) for (const line of preview) say(session, line);
    else {
      for (const line of preview) ask.tell(line);
      await needYes(ask, question, "WALLET_NOT_CONFIRMED");
    }
    return payer.key(ask);
  });
}

/** Refusals after which the daemon may have the payment all the same. */
const UNCERTAIN: readonly string[] = ["API_TIMEOUT", "API_CLOSED", "API_RESULT", "API_INTERNAL"];

/** Hands a signed record to the daemon. Throws WALLET_SEND_UNKNOWN, or why it was refused. */
export async function passOn(
  client: ControlClient,
  method: "wallet.send" | "ledger.submit",
  record: string,
): Promise<Sent> {
  const answered = await client.call(method, { record }, SEND_TIMEOUT_MS);
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
export async function receiptOf(
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

/**
 * `vivian wallet pay|memo|bond|unbond|payout|rotate-key|publish-key`: what an account may ask of
 * the ledger beside sending VIV to one other.
 */

import type { Command } from "commander";

import { exactViv, formatNumberOf } from "../../contract/units.ts";
import { addressToText, parseAddress } from "../../crypto/index.ts";
import { ROLE_VERIFIER, ROLE_WORKER } from "../../ledger/index.ts";
import type { Payload } from "../../ledger/index.ts";
import { encryptionKeyOf } from "../../wallet/index.ts";
import { CommandFailure, need } from "./failure.ts";
import { payingAccount, withPayingOptions } from "./paying-account.ts";
import { readWhole } from "./read-number.ts";
import { needAmount, needAnyAmount, needDigest, needFile } from "./read-words.ts";
import { sendAndTell } from "./send-record.ts";
import type { RecordOptions, RecordPlan } from "./send-record.ts";
import { openSession, withDaemon } from "./session.ts";

/** A list of payments is read whole. */
const PAYMENTS_BYTES_MAX = 65_536;
const UNITS_PER_HOUR_MAX = 1_000_000;

const ACCOUNT_HELP = "the account, when its signing key was rotated away from its own address";

/** Adds the parts. */
export function addWalletAccount(wallet: Command): void {
  addPay(wallet);
  addMemo(wallet);
  addBond(wallet);
  addUnbond(wallet);
  addPayout(wallet);
  addRotateKey(wallet);
  addPublishKey(wallet);
}

/** A command that signs one record. */
function signing(command: Command): Command {
  return withPayingOptions(command).option("--account <address>", ACCOUNT_HELP);
}

async function run(
  options: RecordOptions,
  plan: RecordPlan | (() => RecordPlan),
  done: string,
): Promise<void> {
  const session = openSession(options);
  const planned = typeof plan === "function" ? plan() : plan;
  await withDaemon(session, async (client) => {
    await sendAndTell(session, client, options, planned, () => done);
  });
}

const PAY_HELP = `
FILE has one payment a line: an address, a comma or a space, an amount in VIV. Empty lines and lines
that begin with # are skipped. All payments happen, or none; at most 256.

Example:
  vivian wallet pay salaries.csv --memo "November"`;

function addPay(wallet: Command): void {
  signing(wallet.command("pay"))
    .argument("<file>", "payments, one a line")
    .description("send VIV to many accounts at once, all or none")
    .option("--memo <text>", "words that go with it, readable by everyone", "")
    .addHelpText("after", PAY_HELP)
    .action((file: string, options: RecordOptions & { memo: string }) =>
      run(options, () => payPlan(file, options.memo), "Sent to all."),
    );
}

function payPlan(file: string, memo: string): RecordPlan {
  const text = new TextDecoder().decode(needFile(file, PAYMENTS_BYTES_MAX));
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const transfers = lines.flatMap((line, index) => {
    if (line === "" || line.startsWith("#")) return [];
    const [address, amount, ...rest] = line.split(/[\s,;]+/);
    if (amount === undefined || rest.length > 0) {
      throw new CommandFailure({ code: "WALLET_PAYMENTS", facts: { line: index + 1 } });
    }
    return [{ to: need(parseAddress(address)), amountBase: needAmount(amount) }];
  });
  if (transfers.length === 0 || transfers.length > 256) {
    const facts = { payments: transfers.length, max: 256 };
    throw new CommandFailure({ code: "WALLET_PAYMENTS", facts });
  }
  let movesBase = 0n;
  for (const { amountBase } of transfers) movesBase += amountBase;
  return {
    draft: { kind: "multi-transfer", transfers, memo: needWords(memo, 512) },
    movesBase,
    lines: [
      ["send", `${viv(movesBase)} to ${formatNumberOf(transfers.length, "account", "accounts")}`],
      ...(memo === "" ? [] : ([["memo", memo]] as const)),
    ],
    question: "Send it?",
  };
}

function addMemo(wallet: Command): void {
  signing(wallet.command("memo"))
    .argument("<to>", "address of the account it is for")
    .argument("<text>", "the words; everyone can read them, for good")
    .description("write words to an account on the ledger")
    .action((to: string, text: string, options: RecordOptions) => {
      const receiver = need(parseAddress(to));
      const draft = { kind: "memo", to: receiver, memo: needWords(text, 1_024) } as const;
      const lines = [["to", addressToText(receiver)] as const, ["words", text] as const];
      return run(options, { draft, lines, question: "Write it?" }, "Written.");
    });
}

interface BondOptions extends RecordOptions {
  readonly worker?: boolean;
  readonly verifier?: boolean;
  readonly payout?: string;
  readonly vrfKey?: string;
  readonly unitsPerHour: number;
}

function addBond(wallet: Command): void {
  signing(wallet.command("bond"))
    .argument("<amount>", "how many VIV to add; 0 changes the rest alone")
    .description("bond an account as worker or verifier")
    .option("--worker", "take units to train")
    .option("--verifier", "take units to verify; needs --vrf-key")
    .option("--payout <address>", "where its work is paid; else to the account itself")
    .option("--vrf-key <hex>", "the verifier's public VRF key, 64 hex digits")
    .option(
      "--units-per-hour <count>",
      "weight in a draw",
      readWhole("unit", UNITS_PER_HOUR_MAX),
      1,
    )
    .action((amount: string, options: BondOptions) =>
      run(options, () => bondPlan(amount, options), "Bonded."),
    );
}

function bondPlan(amount: string, options: BondOptions): RecordPlan {
  const amountBase = needAnyAmount(amount);
  const roles =
    (options.worker === true ? ROLE_WORKER : 0) + (options.verifier === true ? ROLE_VERIFIER : 0);
  if (roles === 0) throw new CommandFailure({ code: "WALLET_BOND_ROLE" });
  const own =
    options.account === undefined
      ? payingAccount(openSession(options), options).address
      : need(parseAddress(options.account));
  const payout = options.payout === undefined ? own : need(parseAddress(options.payout));
  const vrfKey = options.vrfKey === undefined ? new Uint8Array(32) : needDigest(options.vrfKey);
  const { unitsPerHour } = options;
  const as = [
    ...(options.worker === true ? ["worker"] : []),
    ...(options.verifier === true ? ["verifier"] : []),
  ];
  return {
    draft: { kind: "bond", amountBase, roles, payout, vrfKey, unitsPerHour },
    movesBase: amountBase,
    lines: [
      ["bond", `${viv(amountBase)} as ${as.join(" and ")}`],
      ["paid to", addressToText(payout)],
      ["at risk", "what is bonded can be slashed until it is paid out again"],
    ],
    question: "Bond it?",
  };
}

function addUnbond(wallet: Command): void {
  signing(wallet.command("unbond"))
    .argument("<amount>", "how many VIV of the free part of the bond")
    .description("take VIV out of a bond; it is paid out after the unbonding time")
    .action((amount: string, options: RecordOptions) => {
      const amountBase = needAmount(amount);
      const plan: RecordPlan = {
        draft: { kind: "unbond", amountBase },
        lines: [["unbond", `${viv(amountBase)}, slashable until it is paid out`]],
        question: "Unbond it?",
      };
      return run(options, plan, "Unbonding.");
    });
}

function addPayout(wallet: Command): void {
  signing(wallet.command("payout"))
    .argument("<address>", "where a bonded account's work is paid from now on")
    .description("say where the pay of a bonded account goes")
    .action((address: string, options: RecordOptions) => {
      const payout = need(parseAddress(address));
      const draft: Payload = { kind: "payout-set", payout };
      const lines = [["paid to", addressToText(payout)] as const];
      return run(options, { draft, lines, question: "Change it?" }, "Changed.");
    });
}

const ROTATE_HELP = `
From the next commit on only the new key signs for the account; its address stays. Name the account
with --account, and the wallet of the new key with --from, in what you send after that.`;

function addRotateKey(wallet: Command): void {
  signing(wallet.command("rotate-key"))
    .argument("<address>", "address of the key that signs for this account from now on")
    .description("give an account another signing key")
    .addHelpText("after", ROTATE_HELP)
    .action((address: string, options: RecordOptions) => {
      const key = need(parseAddress(address));
      const plan: RecordPlan = {
        draft: { kind: "key-rotate", key },
        lines: [
          ["new key", addressToText(key)],
          ["old key", "signs nothing for the account any more; keep the new one safe first"],
        ],
        question: "Rotate it?",
      };
      return run(options, plan, "Rotated.");
    });
}

function addPublishKey(wallet: Command): void {
  signing(wallet.command("publish-key"))
    .description("publish the account's encryption key, so that others can seal to it")
    .action((options: RecordOptions) =>
      run(
        options,
        {
          draft: { kind: "encryption-key", key: new Uint8Array(32).fill(9) },
          make: ({ secret }) => {
            return { kind: "encryption-key", key: encryptionKeyOf(secret).publicKey };
          },
          lines: [["publish", "the encryption key that belongs to this wallet"]],
          question: "Publish it?",
        },
        "Published.",
      ),
    );
}

/** Words as bytes. Throws WALLET_WORDS above the maximum. */
function needWords(text: string, bytesMax: number): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= bytesMax) return bytes;
  throw new CommandFailure({ code: "WALLET_WORDS", facts: { bytes: bytes.length, max: bytesMax } });
}

function viv(amountBase: bigint): string {
  return `${exactViv(amountBase)} VIV`;
}

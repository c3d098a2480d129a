/** `vivian ledger parameters|parameter`: the numbers of the rules, and the governor's word. */

import { InvalidArgumentError } from "commander";
import type { Command } from "commander";

import type { ControlClient } from "../../api/index.ts";
import { nativeSha256 } from "../../adapters/native-crypto/sha256.ts";
import { decode } from "../../codec/index.ts";
import { bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import { exactViv, formatCount } from "../../contract/units.ts";
import { addressToText, parseAddress } from "../../crypto/index.ts";
import {
  checkParameterChange,
  PARAMETER_NAMES,
  parameterRange,
  PARAMETERS,
  parametersIn,
  SINGLE,
} from "../../ledger/index.ts";
import type { Genesis, ParameterChange } from "../../ledger/index.ts";
import { checkRow, stateProofCodec } from "../../ledger/light/index.ts";
import { readGenesis } from "../read-genesis.ts";
import { CommandFailure, need } from "./failure.ts";
import { followLedger } from "./follow-ledger.ts";
import { payingAccount, withPayingOptions } from "./paying-account.ts";
import { sendAndTell } from "./send-record.ts";
import type { RecordOptions } from "./send-record.ts";
import { answer, openSession, withDaemon } from "./session.ts";
import type { Session } from "./session.ts";
import { pairs, table } from "./table.ts";

/** The rules' numbers as one commit names them. */
interface KnownParameters {
  readonly genesis: Genesis;
  /** Commit whose state they stand in. */
  readonly commit: bigint;
  /** Epoch of the commit that comes next. */
  readonly epoch: bigint;
  readonly changes: readonly ParameterChange[];
}

/** One line of the list; numbers as decimal text, since some exceed what JSON keeps. */
interface ShownParameter {
  readonly name: string;
  readonly now: string;
  readonly least: string;
  readonly most: string;
  readonly next: { readonly value: string; readonly epoch: string } | null;
}

interface ChangeOptions extends RecordOptions {
  readonly epoch?: bigint;
}

const CHANGE_HELP = `
VALUE is a whole number in the unit of the list: 10^-18 VIV, milliseconds, thousandths, views or
bytes. It holds from the first commit of its epoch on; a newer word replaces one that does not hold
yet. Only the account that the genesis document names as governor may ask for it.

Example:
  vivian ledger parameter slashPermille 100 --from governor`;

/** Adds the verbs. */
export function addLedgerParameter(ledger: Command): void {
  ledger
    .command("parameters")
    .description("list the numbers that the governor may change, checked here by proof")
    .option("--json", "answer as JSON, whole numbers as text")
    .action(async (options: { json?: boolean }) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const known = await knownParameters(session, client);
        const { genesis, commit, epoch } = known;
        const shown = shownParameters(known);
        const governor = governorText(genesis);
        const document = { governor, commit: String(commit), epoch: String(epoch) };
        const lines = parameterLines(known, shown);
        answer(session, { ...document, parameters: shown, verified: true }, lines);
      });
    });
  withPayingOptions(ledger.command("parameter"))
    .argument("<name>", "the parameter, as `vivian ledger parameters` lists it")
    .argument("<value>", "its new value, a whole number", readValue)
    .option("--epoch <number>", "from which epoch on; else the next", readEpoch)
    .option("--account <address>", "the governor's account, when its signing key was rotated away")
    .description("change one of the rules' numbers, as the network's governor")
    .addHelpText("after", CHANGE_HELP)
    .action(async (name: string, value: bigint, options: ChangeOptions) => {
      const session = openSession(options);
      await withDaemon(session, (client) =>
        changeParameter(session, client, { name, value }, options),
      );
    });
}

async function changeParameter(
  session: Session,
  client: ControlClient,
  { name, value }: { readonly name: string; readonly value: bigint },
  options: ChangeOptions,
): Promise<void> {
  const known = await knownParameters(session, client);
  const epoch = options.epoch ?? known.epoch + 1n;
  const account =
    options.account === undefined
      ? payingAccount(session, options).address
      : need(parseAddress(options.account));
  const change = { name, value, epoch };
  // The ledger would refuse it just the same, and keep the fee.
  need(checkParameterChange(known.genesis.constants, account, change, known.epoch));
  const before = shownParameters(known).find((shown) => shown.name === name);
  const plan = {
    draft: { kind: "parameter-change", ...change },
    lines: [
      ["parameter", name],
      ["value", `${amountText(name, value)}, now ${amountText(name, BigInt(before?.now ?? 0))}`],
      ["from", `epoch ${String(epoch)} on, the next commit's is ${String(known.epoch)}`],
    ],
    question: "Change it for everyone?",
  } as const;
  const done = () => `${name} is ${String(value)} from epoch ${String(epoch)} on.`;
  await sendAndTell(session, client, options, plan, done);
}

/** Throws CommandFailure PROCESSES_NO_LEDGER and why the daemon's word does not hold. */
async function knownParameters(session: Session, client: ControlClient): Promise<KnownParameters> {
  const genesis = readGenesis(session.folder.genesis);
  if (genesis === null) throw new CommandFailure({ code: "PROCESSES_NO_LEDGER" });
  const followed = await followLedger(client, genesis, Date.now());
  if (!followed.ok && followed.rejection.code === "NODE_COMMIT") {
    // Nothing was sealed yet: the document is all there is.
    return { genesis, commit: 0n, epoch: 0n, changes: [] };
  }
  const { view } = need(followed);
  const asked = { table: "parameters", id: bytesToHex(SINGLE) } as const;
  const commit = Number(view.number);
  const [claim] = need(await client.call("ledger.rows", { commit, rows: [asked] })).rows;
  if (claim === undefined) {
    throw new CommandFailure({ code: "LEDGER_LIGHT_STATE", facts: { table: PARAMETERS.name } });
  }
  const proof = need(decode(stateProofCodec, hexToBytes(claim.proof)));
  const bytes = claim.bytes === null ? undefined : hexToBytes(claim.bytes);
  const row = need(checkRow(nativeSha256, view, PARAMETERS, SINGLE, { bytes, proof }));
  const epoch = (view.time - genesis.time) / genesis.constants.epochMs;
  return { genesis, commit: view.number - 1n, epoch, changes: row ?? [] };
}

function shownParameters({ genesis, epoch, changes }: KnownParameters): ShownParameter[] {
  const now = parametersIn(genesis.constants, [...changes], epoch);
  return PARAMETER_NAMES.map((name) => {
    const range = parameterRange(name);
    const next = changes.find((change) => change.name === name && change.epoch > epoch);
    return {
      name,
      now: String(now[name as keyof typeof now]),
      least: String(range?.least),
      most: String(range?.most),
      next: next === undefined ? null : { value: String(next.value), epoch: String(next.epoch) },
    };
  });
}

function parameterLines(
  { genesis, commit, epoch }: KnownParameters,
  shown: readonly ShownParameter[],
): string[] {
  const rows = shown.map(({ name, now, least, most, next }) => [
    name,
    now,
    least,
    most,
    next === null ? "" : `${next.value} from epoch ${next.epoch}`,
  ]);
  return [
    `After commit ${formatCount(Number(commit))}, checked here; the next commit is of epoch ` +
      `${formatCount(Number(epoch))}.`,
    ...pairs([["governor", governorText(genesis) ?? "nobody: these numbers stay as they are"]]),
    "",
    ...table(["parameter", "now", "least", "most", "to come"], rows, [1, 2, 3]),
  ];
}

function governorText({ constants: { governor } }: Genesis): string | null {
  return governor.every((byte) => byte === 0) ? null : addressToText(governor);
}

/** A parameter's value with its unit, as its name tells it. */
function amountText(name: string, value: bigint): string {
  return name.endsWith("Base") ? `${String(value)} (${exactViv(value)} VIV)` : String(value);
}

/** Reads a parameter's value; what is no whole number is a usage error (exit code 2). */
function readValue(text: string): bigint {
  const value = wholeNumber(text, 39);
  if (value !== null) return value;
  throw new InvalidArgumentError("A value is a whole number.");
}

function readEpoch(text: string): bigint {
  const epoch = wholeNumber(text, 18);
  if (epoch !== null) return epoch;
  throw new InvalidArgumentError("An epoch is a whole number.");
}

function wholeNumber(text: string, digitsMax: number): bigint | null {
  const digits = text.replace(/ /g, "");
  return /^[0-9]+$/.test(digits) && digits.length <= digitsMax ? BigInt(digits) : null;
}

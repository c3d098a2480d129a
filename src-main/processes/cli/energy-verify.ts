/** `vivian energy verify`: checks a report, anybody's, and names what speaks against it. */

import { readFileSync, statSync } from "node:fs";
import type { Command } from "commander";

import { nativeSha256 } from "../../adapters/native-crypto/sha256.ts";
import { bytesToHex } from "../../contract/bytes.ts";
import type { ReportCheck } from "../../contract/control-api/index.ts";
import { REPORT_TEXT_MAX } from "../../contract/energy-report.ts";
import type { EnergyReport } from "../../contract/energy-report.ts";
import { checkText, readReport } from "../../energy/report/index.ts";
import type { LedgerFact, LedgerFacts } from "../../energy/report/index.ts";
import { checkReceiptBytes, readReceiptFile } from "./check-receipt.ts";
import { exportFacts } from "./export-facts.ts";
import { CommandFailure, need } from "./failure.ts";
import { readDigest } from "./read-digest.ts";
import { answer, openSession, tryConnect } from "./session.ts";
import type { Session } from "./session.ts";

interface VerifyOptions {
  readonly ledger?: string;
  readonly genesis?: Uint8Array;
  readonly receipts?: readonly string[];
  readonly previous?: string;
  readonly json?: boolean;
}

const HELP = `
Everything in the file is recomputed. Against the ledger it is checked with what there is: the
receipts that are named, an exported ledger, else the daemon of this folder if one runs. What could
not be checked is said. Exit codes: 0 nothing speaks against it, 1 something does, 2 usage.

Examples:
  vivian energy verify june.json
  vivian energy verify june.json --ledger http://example.org/ledger --genesis 9f2c…
  vivian energy verify june.json --receipts slot-88.receipt slot-91.receipt --genesis 9f2c…`;

/** Adds the verb under `energy`. */
export function addEnergyVerify(energy: Command): void {
  energy
    .command("verify")
    .argument("<file>", "the report, energy-report/1 as JSON")
    .option("--ledger <address>", "an exported ledger to check against: http address or folder")
    .option("--receipts <files...>", "receipts of the slots that the report names")
    .option("--genesis <hash>", "genesis hash of the ledger; else this folder's", readDigest)
    .option("--previous <file>", "the report before, to check the chain")
    .option("--json", "answer as JSON")
    .description("check an energy report and name what speaks against it")
    .addHelpText("after", HELP)
    .action(async (file: string, options: VerifyOptions) => {
      const session = openSession(options);
      const text = readText(file);
      const checked = await check(session, text, options);
      const { report, ...found } = checked;
      answer(session, { file, ...found, totals: report?.totals ?? null }, linesOf(checked));
      if (checked.verdict === "sound") return;
      const [first] = checked.contradictions;
      const facts = { where: first.where, contradictions: checked.contradictions.length };
      throw new CommandFailure({ code: first.code, facts }, { answered: session.json });
    });
}

async function check(session: Session, text: string, options: VerifyOptions): Promise<ReportCheck> {
  const offline = options.ledger !== undefined || options.receipts !== undefined;
  const client = offline || options.previous !== undefined ? null : await tryConnect(session);
  if (client !== null) {
    try {
      return need(await client.call("energy.check", { text }));
    } finally {
      client.close();
    }
  }
  const read = readReport(text);
  const facts = read.ok ? await factsOf(session, read.value, options) : null;
  const { previous: before } = options;
  const previous = before === undefined ? null : need(readReport(readText(before)));
  return checkText(text, { hasher: nativeSha256, facts, previous, nowMs: Date.now() });
}

async function factsOf(
  session: Session,
  report: EnergyReport,
  options: VerifyOptions,
): Promise<LedgerFacts | null> {
  if (options.receipts !== undefined) return receiptFacts(session, options.receipts, options);
  if (options.ledger === undefined) return null;
  return exportFacts(session, report, options.ledger, options.genesis);
}

/** Records of receipts that hold, each for its slot. */
function receiptFacts(
  { folder }: Session,
  files: readonly string[],
  { genesis }: VerifyOptions,
): LedgerFacts {
  const meant = genesis === undefined ? { file: folder.genesis } : { hash: genesis };
  const bySlot = new Map<number, LedgerFact>();
  let network = "";
  for (const file of files) {
    const checked = need(checkReceiptBytes(meant, need(readReceiptFile(file))));
    const { record, id, outcome } = checked.facts;
    network = bytesToHex(checked.genesisHash);
    bySlot.set(checked.slot, {
      id: bytesToHex(id),
      account: `0x${bytesToHex(record.account)}`,
      payload: record.payload,
      code: outcome.code,
    });
  }
  return { genesis: network, bySlot };
}

/** Throws CommandFailure ENERGY_REPORT_FILE, or ENERGY_REPORT_FORM for nothing or too much. */
function readText(file: string): string {
  let size = 0;
  try {
    ({ size } = statSync(file));
    if (size > 0 && size <= 4 * REPORT_TEXT_MAX) return readFileSync(file, "utf8");
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new CommandFailure({ code: "ENERGY_REPORT_FILE", facts: { file, why } });
  }
  throw new CommandFailure({ code: "ENERGY_REPORT_FORM", facts: { file, bytes: size } });
}

function linesOf({ verdict, contradictions, unchecked, sentence, report }: ReportCheck): string[] {
  const lines = contradictions.map(({ code, where, text }) => `${code}  ${where}: ${text}`);
  const skipped = unchecked.map(({ what, why }) => `Not checked: ${what} (${why}).`);
  if (report === null) return [...lines, "This is no energy report."];
  const period = `${report.period.start} to ${report.period.end}`;
  const head = `Report ${report.seq} of ${report.subject.miner_id}, ${period}`;
  const end =
    verdict === "sound"
      ? [`Nothing speaks against it: ${sentence ?? ""}.`]
      : ["The report does not hold."];
  return [head, ...lines, ...skipped, ...end];
}

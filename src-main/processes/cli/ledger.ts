/** `vivian ledger`: any record, proofs, states, files for others, and a check of everything. */

import type { Command } from "commander";

import type { LedgerRecord, LedgerReport } from "../../contract/control-api/index.ts";
import { formatCount, formatDuration, formatNumberOf, formatViv } from "../../contract/units.ts";
import { checkLedgerApart } from "../daemon/check-apart.ts";
import { CommandFailure, need } from "./failure.ts";
import { addLedgerAccount } from "./ledger-account.ts";
import { addLedgerAnchor } from "./ledger-anchor.ts";
import { addLedgerConcentration } from "./ledger-concentration.ts";
import { addLedgerEvidence } from "./ledger-evidence.ts";
import { addLedgerExport, verifyUrl } from "./ledger-export.ts";
import type { VerifyOptions } from "./ledger-export.ts";
import { addLedgerParameter } from "./ledger-parameter.ts";
import { addLedgerProofs } from "./ledger-proofs.ts";
import { addLedgerPrune } from "./ledger-prune.ts";
import { addLedgerPublish } from "./ledger-publish.ts";
import { addLedgerRepair } from "./ledger-repair.ts";
import { addLedgerRow } from "./ledger-row.ts";
import { addLedgerSearch } from "./ledger-search.ts";
import { addLedgerSnapshot } from "./ledger-snapshot.ts";
import { addLedgerState } from "./ledger-state.ts";
import { readDigest } from "./read-digest.ts";
import { readSlot } from "./read-number.ts";
import { answer, openSession, tryConnect, withDaemon } from "./session.ts";
import type { Session } from "./session.ts";
import { pairs } from "./table.ts";

/** A ledger of years takes minutes; longer than that something else is wrong. */
const VERIFY_TIMEOUT_MS = 3_600_000;

/** Longest field shown whole: a digest in hex. */
const FIELD_CHARACTERS_MAX = 64;

/** Adds the verb and its parts. */
export function addLedger(program: Command): void {
  const ledger = program.command("ledger").description("read, prove and check the ledger");
  ledger
    .command("get")
    .argument("<slot>", "slot of the record", readSlot)
    .description("show the record in a slot and its outcome")
    .option("--json", "answer as JSON")
    .addHelpText("after", "\nExample:\n  vivian ledger get 57")
    .action(async (slot: number, options: { json?: boolean }) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const record = need(await client.call("ledger.get", { slot }));
        answer(session, record, recordLines(record));
      });
    });
  addLedgerProofs(ledger);
  addLedgerState(ledger);
  addLedgerAccount(ledger);
  addLedgerRow(ledger);
  addLedgerConcentration(ledger);
  addLedgerExport(ledger);
  addLedgerSearch(ledger);
  addLedgerPrune(ledger);
  addLedgerSnapshot(ledger);
  addLedgerRepair(ledger);
  addLedgerPublish(ledger);
  addLedgerAnchor(ledger);
  addLedgerParameter(ledger);
  addLedgerEvidence(ledger);
  addVerify(ledger);
}

function addVerify(ledger: Command): void {
  ledger
    .command("verify")
    .description("check the whole ledger from disk again; works with and without a daemon")
    .option("--url <address>", "check an exported ledger instead: http address or folder")
    .option("--genesis <hash>", "with --url: genesis hash; else this folder's", readDigest)
    .option("--execute", "with --url: execute every commit again too")
    .option("--progress <file>", "with --url: note there how far it is, and go on from there")
    .option("--json", "answer as JSON")
    .addHelpText("after", "\nExample:\n  vivian ledger verify --url http://example.org/ledger")
    .action(async (options: VerifyOptions) => {
      const session = openSession(options);
      if (options.url !== undefined) return verifyUrl(session, options.url, options);
      const report = await verify(session);
      answer(session, report, reportLines(report));
      if (!report.ok) {
        const code = report.code ?? "NODE_VERIFY_RECORD";
        throw new CommandFailure({ code, facts: report.facts });
      }
    });
}

async function verify(session: Session): Promise<LedgerReport> {
  const client = await tryConnect(session);
  if (client === null) return need(await checkLedgerApart(session.folder, "nobody"));
  try {
    return need(await client.call("ledger.verify", {}, VERIFY_TIMEOUT_MS));
  } finally {
    client.close();
  }
}

function recordLines(record: LedgerRecord): string[] {
  const outcome = record.code === "" ? "applied" : `refused: ${record.code}`;
  return [
    `Slot ${formatCount(record.slot)}: ${record.kind}, ${outcome}`,
    ...pairs([
      ["id", record.id ?? "none (a commit record has none)"],
      ["account", record.account ?? "none"],
      ["fee", `${formatViv(BigInt(record.feeBase))}`],
      ...Object.entries(record.fields).map(([name, text]) => [name, shortField(text)] as const),
    ]),
    ...record.effects.map((effect) => `effect: ${effect}`),
  ];
}

/** Long bytes are told by their size; `--json` has them whole. */
function shortField(text: string): string {
  if (text.length <= FIELD_CHARACTERS_MAX) return text;
  const size = /^[0-9a-f]+$/.test(text) ? `${formatCount(text.length / 2)} bytes` : "shortened";
  return `${text.slice(0, FIELD_CHARACTERS_MAX)}… (${size}; whole with --json)`;
}

function reportLines(report: LedgerReport): string[] {
  const found = [
    formatNumberOf(report.commits, "commit", "commits"),
    formatNumberOf(report.slots, "slot", "slots"),
    formatNumberOf(report.certificates, "certificate", "certificates"),
  ].join(", ");
  const verdict = report.ok ? "The ledger is whole" : "The ledger is damaged";
  const minted = formatViv(BigInt(report.mintedBase));
  return [
    `${verdict}: ${found} checked again in ${formatDuration(report.durationMs)}.`,
    ...prunedLines(report),
    `Supply ${formatViv(BigInt(report.supplyBase))}, of it minted ${minted}; ` +
      `burned ${formatViv(BigInt(report.burnedBase))}.`,
  ];
}

/** What of a pruned ledger was checked, and what could not be. */
function prunedLines({ prunedBelow, executedFrom }: LedgerReport): string[] {
  if (prunedBelow === 0) return [];
  return [
    `Payloads below slot ${formatCount(prunedBelow)} are pruned: their hashes were checked, and ` +
      `execution starts from the snapshot of commit ${formatCount(executedFrom)}.`,
  ];
}

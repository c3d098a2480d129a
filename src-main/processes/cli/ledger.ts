/** `vivian ledger get|prove|verify`: any record, its proof, and a check of everything. */

import type { Command } from "commander";

import type { LedgerProof, LedgerRecord, LedgerReport } from "../../contract/control-api/index.ts";
import { formatCount, formatDuration, formatNumberOf, formatViv } from "../../contract/units.ts";
import { checkLedgerApart } from "../daemon/check-apart.ts";
import { CommandFailure, need } from "./failure.ts";
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
  ledger
    .command("prove")
    .argument("<slot>", "slot of the record", readSlot)
    .description("show the proof that a slot is part of the certified ledger")
    .option("--json", "answer as JSON")
    .action(async (slot: number, options: { json?: boolean }) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const proof = need(await client.call("ledger.prove", { slot }));
        answer(session, proof, proofLines(proof));
      });
    });
  ledger
    .command("verify")
    .description("check the whole ledger from disk again; works with and without a daemon")
    .option("--json", "answer as JSON")
    .action(async (options: { json?: boolean }) => {
      const session = openSession(options);
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

function proofLines(proof: LedgerProof): string[] {
  const size = formatNumberOf(proof.vectorSize, "slot", "slots");
  const steps = formatNumberOf(proof.path.length, "hash", "hashes");
  return [
    `Slot ${formatCount(proof.slot)} is one of the ${size} that commit ` +
      `${formatCount(proof.certifiedCommit)} certifies: ${steps}, checked.`,
    ...pairs([
      ["vector root", proof.vectorRoot],
      ["leaf hash", proof.leafHash],
    ]),
    ...proof.path.map((hash) => `path  ${hash}`),
  ];
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
    `Supply ${formatViv(BigInt(report.supplyBase))}, of it minted ${minted}; ` +
      `burned ${formatViv(BigInt(report.burnedBase))}.`,
  ];
}

/**
 * Decides whether a daemon answers, or the ledger opens without one, and what the last commit's
 * time is. A ledger is opened only where there is one and nothing else holds it.
 */

import { existsSync } from "node:fs";

import type { ControlClient } from "../../api/index.ts";
import { openDiskLedger } from "../../adapters/disk/index.ts";
import { decode } from "../../codec/index.ts";
import { explainCode } from "../../contract/explain.ts";
import { Fault } from "../../contract/outcome.ts";
import { formatCount } from "../../contract/units.ts";
import { headCodec } from "../../ledger/index.ts";
import type { DataFolder } from "../config/data-folder.ts";
import { lockFile } from "../daemon/open-ledger.ts";
import { attention, fault, faultOf, ok } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** What was found, and the last commit's time where it is known. */
export interface LedgerFindings {
  readonly findings: readonly Finding[];
  readonly lastCommitMs: number | null;
}

/** Looks at the ledger through the daemon that answers. */
export async function checkDaemon(client: ControlClient): Promise<LedgerFindings> {
  const status = await client.call("status", {});
  if (!status.ok) {
    const { code } = status.rejection;
    const next = "Stop it with `vivian stop` and start it again with `vivian up`.";
    return { findings: [fault("daemon", `answers ${code}`, next)], lastCommitMs: null };
  }
  const { pid, version, head, mine } = status.value;
  const findings = [
    ok("daemon", `${version} answers on its socket, process ${pid}`),
    ok("ledger", `${formatCount(head.slots)} slots, held by the daemon`),
  ];
  if (mine.state === "failed") {
    const { what, next } = explainCode(mine.code ?? "PROCESSES_INTERNAL");
    findings.push(fault("mining", what, next));
  }
  return { findings, lastCommitMs: head.timeMs };
}

/** Looks at the ledger itself, while no daemon runs. */
export async function checkStopped(folder: DataFolder): Promise<LedgerFindings> {
  const daemon = ok("daemon", "none runs on this folder; `vivian up` starts one");
  if (!existsSync(folder.ledger)) {
    return { findings: [daemon, ok("ledger", "none yet")], lastCommitMs: null };
  }
  try {
    const store = await openDiskLedger({ folder: folder.ledger, lockFile: lockFile(folder) });
    try {
      const bytes = store.head();
      const head = bytes === undefined ? undefined : decode(headCodec, bytes);
      const slots = `${formatCount(store.size())} slots; \`vivian ledger verify\` checks them all`;
      const hasCommit = head?.ok === true && head.value.number > 0n;
      const lastCommitMs = hasCommit ? Number(head.value.time) : null;
      return { findings: [daemon, ok("ledger", slots)], lastCommitMs };
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof Fault && error.code === "STORE_LOCKED") {
      const next = "Wait for it to end, or look for a daemon with other surroundings.";
      const held = attention("daemon", "another process holds the ledger, and none answers", next);
      return { findings: [held], lastCommitMs: null };
    }
    return { findings: [daemon, faultOf("ledger", error)], lastCommitMs: null };
  }
}

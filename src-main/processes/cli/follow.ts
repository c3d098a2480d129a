/** Decides what a person sees while a unit is worked on, and what is said when it has ended. */

import type { ControlClient } from "../../api/index.ts";
import type { Status, UnitResult } from "../../contract/control-api/index.ts";
import { CommandFailure, need } from "./failure.ts";
import { ProgressView } from "./progress-view.ts";
import { resultLines } from "./result-lines.ts";
import type { Session } from "./session.ts";
import { watchUnit } from "./watch-unit.ts";
import type { WatchEnd } from "./watch-unit.ts";

/** Follows work to the end of the next unit; null when asked to leave before. */
export async function followUnit(
  session: Session,
  client: ControlClient,
  known: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<UnitResult | null> {
  return follow(session, (onStatus) => watchUnit(client, { known, signal, onStatus }));
}

/**
 * Follows work to the end of a job's unit, past those of other jobs; null when asked to leave.
 * @param failedBefore  whether the miner had failed when the job was submitted
 */
export async function followJob(
  session: Session,
  client: ControlClient,
  job: string,
  signal: AbortSignal,
  failedBefore = false,
): Promise<UnitResult | null> {
  return follow(session, async (onStatus) => {
    const known = new Set<string>();
    for (;;) {
      // Asked first: it may have ended before anyone watched, or before this daemon started.
      const { result } = need(await client.call("job.show", { job }));
      if (result !== null) {
        return { kind: "result", result, status: need(await client.call("status", {})) };
      }
      const end = await watchUnit(client, { known, signal, onStatus, failedBefore });
      if (end.kind !== "result") return end;
      known.add(end.result.unit);
    }
  });
}

async function follow(
  session: Session,
  watch: (onStatus: (status: Status) => void) => Promise<WatchEnd>,
): Promise<UnitResult | null> {
  const view = new ProgressView(process.stdout, () => performance.now());
  const end = await watch((status) => {
    if (!session.json && status.mine.unit !== null) view.show(status);
  });
  if (end.kind === "interrupted") return null;
  if (end.kind === "failed") {
    if (!session.json) view.leave(SAFE_LINES);
    throw new CommandFailure(end.refusal);
  }
  if (!session.json) view.leave(resultLines(end.result, end.status));
  return end.result;
}

const SAFE_LINES = ["Mining stopped. Safe: the ledger, the keys and the steps done so far."];

/** Ends the command with the unit's code when it was not paid. */
export function needPaid(result: UnitResult): void {
  if (result.outcome === "paid") return;
  throw new CommandFailure({
    code: result.code ?? "PROCESSES_UNIT_VOIDED",
    facts: result.facts,
  });
}

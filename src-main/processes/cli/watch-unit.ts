/**
 * Decides how a command follows work: subscribe, show each change, and stop at the unit that ends
 * it. The same for `start`, `job watch` and `job submit --watch`.
 */

import type { ControlClient } from "../../api/index.ts";
import type { Status, UnitResult } from "../../contract/control-api/index.ts";
import { CommandFailure, need } from "./failure.ts";
import type { Refusal } from "./failure.ts";

/** How the following ended. */
export type WatchEnd =
  | { readonly kind: "result"; readonly result: UnitResult; readonly status: Status }
  | { readonly kind: "failed"; readonly refusal: Refusal; readonly status: Status }
  | { readonly kind: "interrupted" };

/** What a watch needs. */
export interface WatchOptions {
  /** Units that had ended before; their results are not the one waited for. */
  readonly known: ReadonlySet<string>;
  /** True where the miner had failed before: that is not the end of what is waited for now. */
  readonly failedBefore?: boolean;
  readonly onStatus: (status: Status) => void;
  /** Aborted when the person at the terminal wants to leave. */
  readonly signal: AbortSignal;
}

/** The status now and from then on; ends the command with the daemon's reason if it goes away. */
export async function watchUnit(client: ControlClient, options: WatchOptions): Promise<WatchEnd> {
  return new Promise<WatchEnd>((resolve, fail) => {
    let status: Status | null = null;
    let failureIsOld = options.failedBefore === true;
    const endings: (() => void)[] = [];
    const finish = (settle: () => void) => {
      for (const ending of endings.splice(0)) ending();
      settle();
    };
    const see = (next: Status) => {
      status = next;
      options.onStatus(next);
      failureIsOld &&= hasRefused(next.mine);
      const end = endOf(next, options.known, failureIsOld);
      if (end !== null) finish(() => resolve(end));
    };
    endings.push(client.onStatus((delta) => status !== null && see(merge(status, delta))));
    const gone = new CommandFailure({ code: "PROCESSES_DAEMON_ENDED" });
    endings.push(client.onClose(() => finish(() => fail(gone))));
    const leave = () => finish(() => resolve({ kind: "interrupted" }));
    options.signal.addEventListener("abort", leave);
    endings.push(() => options.signal.removeEventListener("abort", leave));
    if (options.signal.aborted) leave();
    client.call("subscribe", { topic: "status" }).then(
      (outcome) => {
        try {
          see(need(outcome).status);
        } catch (error) {
          finish(() => fail(error as Error));
        }
      },
      (error: unknown) => finish(() => fail(error as Error)),
    );
  });
}

/** Fields that changed replace those known. */
function merge(status: Status, delta: Partial<Record<keyof Status, unknown>>): Status {
  return { ...status, ...delta } as Status;
}

/** Whether the miner is stopped by a fault, or declined the newest unit and has no other. */
export function hasRefused({ state, code }: Status["mine"]): boolean {
  return state === "failed" || (state === "idle" && code !== null);
}

function endOf(status: Status, known: ReadonlySet<string>, failureIsOld: boolean): WatchEnd | null {
  const result = status.lastResult;
  if (result !== null && !known.has(result.unit)) return { kind: "result", result, status };
  if (!hasRefused(status.mine) || failureIsOld) return null;
  const refusal = { code: status.mine.code ?? "API_INTERNAL", facts: status.mine.facts };
  return { kind: "failed", refusal, status };
}

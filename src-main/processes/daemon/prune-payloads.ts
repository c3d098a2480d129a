/**
 * Decides when a daemon whose settings keep only the newest records prunes the older ones: not with
 * every commit, since each pruning writes a snapshot, but when an eighth more has come together.
 */

import { Fault } from "../../contract/outcome.ts";
import type { Node } from "../../node/index.ts";
import type { Log } from "../../ports/log.ts";

/** Prunes from now on; what fails is told in the log and tried again later. */
export function prunePayloads(node: Node, keepPayloads: number, log: Log): void {
  const slack = Math.max(256, Math.floor(keepPayloads / 8));
  let isBusy = false;
  const look = async (): Promise<void> => {
    const size = Number(node.head().size);
    if (isBusy || size - node.floors().payloads < keepPayloads + slack) return;
    isBusy = true;
    try {
      const pruned = await node.prune(BigInt(size - keepPayloads));
      if (pruned.ok) log.info("older records were pruned", { floor: pruned.value.floor });
      else log.warn("older records were not pruned", { code: pruned.rejection.code });
    } catch (error) {
      const code = error instanceof Fault ? error.code : "PROCESSES_INTERNAL";
      log.error("pruning failed", { code, error: String(error) });
    } finally {
      isBusy = false;
    }
  };
  node.onCommit(() => void look());
  void look();
}

/** Decides what the daemon's status is at any moment, and when listeners hear that it changed. */

import { countJobs, paidSoFar } from "../../api/index.ts";
import type { OwnAccount, StatusFeed } from "../../api/index.ts";
import type { Status } from "../../contract/control-api/index.ts";
import { bytesToHex } from "../../contract/bytes.ts";
import type { Node } from "../../node/index.ts";
import { programVersion } from "../program-version.ts";
import type { DataFolder } from "../config/data-folder.ts";
import type { Mining } from "./mining.ts";

/** What a status is made of. */
export interface StatusParts {
  readonly node: Node;
  readonly mining: Mining;
  readonly accounts: readonly OwnAccount[];
  readonly folder: DataFolder;
  readonly network: string;
  readonly valueNote: string;
  readonly startedMs: number;
}

/** The status and its changes. */
export function statusSource(parts: StatusParts): StatusFeed {
  const { node, mining, accounts, folder, network, valueNote, startedMs } = parts;
  const fixed = {
    version: programVersion(),
    network,
    valueNote,
    genesis: bytesToHex(node.genesisHash()),
    home: folder.home,
    pid: process.pid,
    startedMs,
  };
  // Sums over history and jobs change with commits only; many statuses are asked for in between.
  let counted: { commit: bigint; paidBase: string; jobsOpen: number; jobsDone: number } | null =
    null;
  const counts = (commit: bigint) => {
    if (counted?.commit !== commit) {
      const { open, done } = countJobs(node);
      const paidBase = String(paidSoFar(node, accounts));
      counted = { commit, paidBase, jobsOpen: open, jobsDone: done };
    }
    return counted;
  };
  const current = (): Status => {
    const head = node.head();
    const { paidBase, jobsOpen, jobsDone } = counts(head.number);
    return {
      ...fixed,
      head: { commit: Number(head.number), slots: Number(head.size), timeMs: Number(head.time) },
      mine: mining.status(),
      paidBase,
      jobsOpen,
      jobsDone,
      lastResult: mining.results.last,
    };
  };
  return {
    current: () => Promise.resolve(current()),
    onChange: (listener) => {
      const endings = [node.onCommit(listener), mining.onChange(listener)];
      return () => endings.forEach((end) => end());
    },
  };
}

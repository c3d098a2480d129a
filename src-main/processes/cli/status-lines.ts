/** Decides how a status reads: is it working, why or why not, what is certain. */

import type { Status } from "../../contract/control-api/index.ts";
import { explainCode, factsText } from "../../contract/explain.ts";
import { formatCount, formatDuration, formatViv } from "../../contract/units.ts";
import { progressLine } from "./progress-lines.ts";
import { pairs } from "./table.ts";

/** The sentence that comes first. */
export function stateSentence(status: Status): string {
  const { mine } = status;
  if (mine.state === "failed") {
    const { what, next } = explainCode(mine.code ?? "API_INTERNAL");
    const facts = factsText(mine.facts);
    return `Stopped: ${what}${facts === "" ? "" : ` (${facts})`} ${next}`;
  }
  if (mine.reason !== undefined) return `${mine.reason}.`;
  if (mine.unit !== null) return progressLine(status);
  if (mine.state === "paused") return "Paused by its owner; `vivian mine start` goes on.";
  if (mine.code !== null) {
    const { what, next } = explainCode(mine.code);
    const facts = factsText(mine.facts);
    const more = facts === "" ? "" : ` (${facts})`;
    return `Idle; the newest unit was declined: ${what}${more} ${next}`;
  }
  return "Idle: no job waits. Submit one with `vivian job submit digits-cnn`.";
}

function pageLine(address: string): [string, string] {
  return ["page", `${address} (\`vivian open\` lets you in)`];
}

/** How a cap of watts is kept, where there is one. */
function capPair({ mine }: Status): readonly [string, string][] {
  return mine.cap === undefined ? [] : [["limit", mine.cap]];
}

/** The whole answer of `vivian status`; `more` are lines of its own kind. */
export function statusLines(
  status: Status,
  nowMs: number,
  more: readonly (readonly [string, string])[] = [],
): string[] {
  const note = status.valueNote === "" ? "" : ` (${status.valueNote})`;
  const { commit, slots } = status.head;
  return [
    stateSentence(status),
    "",
    ...pairs([
      ["network", `${status.network}${note}`],
      ["device", `${status.mine.device}, ${status.mine.engine}`],
      ...capPair(status),
      ...more,
      ["jobs", `${formatCount(status.jobsOpen)} open, ${formatCount(status.jobsDone)} done`],
      ["paid", formatViv(BigInt(status.paidBase))],
      ["ledger", `${formatCount(slots)} slots in ${formatCount(commit)} commits`],
      ["running", `for ${formatDuration(nowMs - status.startedMs)}, process ${status.pid}`],
      ...(status.page === undefined ? [] : [pageLine(status.page)]),
      ["folder", status.home],
      ["version", status.version],
    ]),
  ];
}

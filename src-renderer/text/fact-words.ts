/** Decides how the facts of a refusal are read: names as words, sizes and times with their unit. */

import { formatBytes, formatDuration } from "../../src-main/contract/units.ts";

type Facts = Readonly<Record<string, string | number | boolean>>;

/** "folder /data, free 4.0 KiB"; empty where there are none. */
export function factWords(facts: Facts): string {
  return Object.entries(facts)
    .map(([name, value]) => factWord(name, value))
    .join(", ");
}

function factWord(name: string, value: string | number | boolean): string {
  if (typeof value === "number" && value >= 0) {
    const unit = /(?:Bytes|Ms)$/.exec(name)?.[0];
    const bare = wordsOf(name.replace(/(?:Bytes|Ms)$/, ""));
    if (unit === "Bytes") return `${bare} ${formatBytes(value)}`.trim();
    if (unit === "Ms") return `${bare} ${formatDuration(value)}`.trim();
  }
  return `${wordsOf(name)} ${String(value)}`;
}

/** "freeBytes" as "free bytes". */
function wordsOf(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

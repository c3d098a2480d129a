/**
 * Decides how a sample is written: a small tree in one file, with the findings it must give.
 *
 *     expect: src-main/engine/a.ts:1 words of the message
 *     --- src-main/engine/a.ts
 *     import { b } from "../ledger/b.ts";
 *
 * `expect: nothing` is a sample that must pass, so that a rule cannot hold by refusing everything.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { treeOf } from "./tree.ts";
import type { Finding, Tree } from "./tree.ts";

/** What one sample expects: a place, and words that the message must contain. */
export interface Expectation {
  readonly place: string;
  readonly words: string;
}

/** One sample of a rule. */
export interface Sample {
  readonly name: string;
  readonly tree: Tree;
  readonly expected: readonly Expectation[];
}

/** The samples of a rule, from its folder. */
export function samplesOf(folder: string): Sample[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".sample"))
    .sort()
    .map((file) => parseSample(file, readFileSync(join(folder, file), "utf8")));
}

function parseSample(file: string, text: string): Sample {
  const [head = "", ...parts] = text.split(/^--- /m);
  const entries = parts.map((part) => {
    const end = part.indexOf("\n");
    return [part.slice(0, end).trim(), repeated(part.slice(end + 1))] as const;
  });
  const expected = [...head.matchAll(/^expect: (\S+) ?(.*)$/gm)].map(
    ([, place = "", words = ""]) => ({
      place,
      words,
    }),
  );
  const name = file.replace(/\.sample$/, "").replaceAll("-", " ");
  return { name, tree: treeOf(entries), expected: expected.filter((e) => e.place !== "nothing") };
}

/** `<<N times>> text` stands for N such lines, so that a sample of a long file stays short. */
function repeated(text: string): string {
  return text.replace(/^<<(\d+) times>> (.*)\n/gm, (_, count: string, line: string) =>
    `${line}\n`.repeat(Number(count)),
  );
}

/** A finding as samples write it. */
export function placeOf(finding: Finding): string {
  return `${finding.path}:${finding.line}`;
}

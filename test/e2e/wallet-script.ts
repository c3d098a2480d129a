/** Runs a command as a script does: answers on standard input, questions read from stderr. */

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import { ended } from "../integration/processes/run-vivian.ts";
import type { Ran, TestHome } from "../integration/processes/run-vivian.ts";

const CLI = fileURLToPath(new URL("../../src-main/processes/cli.ts", import.meta.url));

/** The words of a phrase as `wallet create` shows them, by their place. */
export function shownWords(stderr: string): Map<number, string> {
  const shown = stderr.split("in this order:")[1]?.split("They are shown")[0] ?? "";
  const cells = [...shown.matchAll(/(\d+) ([a-z]+)/g)];
  return new Map(cells.map(([, place, word]) => [Number(place), word]));
}

/**
 * Runs a command; whenever its questions end in one that `answer` knows, the answer is typed.
 * @param answer  the line to type, or null to go on listening
 */
export function runScript(
  home: TestHome,
  words: readonly string[],
  answer: (question: string, stderr: string) => string | null,
): Promise<Ran> {
  const child = spawn(process.execPath, [CLI, ...words], { env: home.environment });
  let heard = "";
  let answered = 0;
  child.stderr.on("data", (chunk: Buffer) => {
    heard += chunk.toString();
    const typed = answer(heard.slice(answered), heard);
    if (typed === null) return;
    answered = heard.length;
    child.stdin.write(`${typed}\n`);
  });
  return ended(child);
}

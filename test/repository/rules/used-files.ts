/** Decides that no source lies about unused: each is reached from a process, the bin or a test. */
import { importsOf } from "../imports.ts";
import type { Rule, Tree } from "../tree.ts";

/** Where programs begin; a file in processes/ is one only at the top of that folder. */
const BEGINNINGS =
  /^src-main\/(processes\/[^/]+\.ts|bin\/[^/]+\.mjs|bootstrap\.mjs)$|^test\/.+\.ts$/;

/** A room's face may offer more than is taken today; what it re-exports is judged by itself. */
const JUDGED = /^src-main\/(?!.*\/index\.ts$).+\.(ts|mjs)$/;

export const usedFiles: Rule = {
  name: "used-files",
  holds: "every source is reached from processes/, bin/ or a test",
  check(tree) {
    const reached = reachedFiles(tree);
    return tree.files
      .filter(({ path }) => JUDGED.test(path) && !reached.has(path))
      .map(({ path }) => ({
        path,
        line: 1,
        message: "nothing imports this file; use it, test it or delete it",
      }));
  },
};

function reachedFiles(tree: Tree): Set<string> {
  const reached = new Set<string>();
  const waiting = tree.files.map((file) => file.path).filter((path) => BEGINNINGS.test(path));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = tree.byPath.get(path);
    if (file === undefined || reached.has(path)) continue;
    reached.add(path);
    for (const one of importsOf(file)) if (one.target !== undefined) waiting.push(one.target);
  }
  return reached;
}

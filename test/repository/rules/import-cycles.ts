/**
 * Decides that imports form no circle, types included: a circle of types is a room without a floor.
 */
import { importsOf } from "../imports.ts";
import type { Finding, Rule, Tree } from "../tree.ts";

export const importCycles: Rule = {
  name: "import-cycles",
  holds: "no file imports itself through others",
  check(tree) {
    const seen = new Set<string>();
    const findings: Finding[] = [];
    for (const file of tree.files) {
      if (file.source !== undefined) visit(tree, file.path, [], seen, findings);
    }
    return findings;
  },
};

/**
 * Depth-first; `path` is the chain of files that led here. A circle is reported where it closes.
 */
function visit(
  tree: Tree,
  path: string,
  chain: readonly string[],
  seen: Set<string>,
  findings: Finding[],
): void {
  if (seen.has(path)) return;
  const file = tree.byPath.get(path);
  if (file === undefined) return;
  const longer = [...chain, path];
  for (const one of importsOf(file)) {
    if (one.target === undefined) continue;
    const start = longer.indexOf(one.target);
    if (start >= 0) {
      const circle = [...longer.slice(start), one.target].join(" -> ");
      const message = `${circle}; move what both need into a file that imports neither`;
      findings.push({ path, line: one.line, message });
    } else {
      visit(tree, one.target, longer, seen, findings);
    }
  }
  seen.add(path);
}

/**
 * Decides that files name no person's machine, no registry and no ticket: they would rot or leak.
 */
import type { Finding, Rule, TreeFile } from "../tree.ts";

/** Spelled in two parts, so that this file does not find itself. */
const TRACES: readonly (readonly [RegExp, string])[] = [
  [new RegExp("(^|[\\s\"'`(=:])/(wo" + "rk|ro" + "ot)/\\w"), "a machine's path"],
  [new RegExp("/tmp/" + "\\w"), "a machine's path; ask os.tmpdir()"],
  [new RegExp("registry\\.(npm" + "js|yarn" + "pkg)"), "a registry's address"],
  [new RegExp("\\biss" + "ue #?\\d"), "a ticket; say the reason itself"],
];

/** A person's folder; tests of path rules make some up. */
const PERSONAL: readonly (readonly [RegExp, string])[] = [
  [new RegExp("(^|[\\s\"'`(=:])/(ho" + "me|Us" + "ers)/\\w"), "a machine's path"],
  [new RegExp("[A-Z]:\\\\+Us" + "ers"), "a machine's path"],
];

/** Samples hold what a rule must find. */
const EXEMPT = /^test\/repository\/samples\//;

export const noMachinePaths: Rule = {
  name: "no-machine-paths",
  holds: "no file names a machine's path, a registry's address or a ticket",
  check(tree) {
    return tree.files.filter(({ path }) => !EXEMPT.test(path)).flatMap(inFile);
  },
};

function inFile(file: TreeFile): Finding[] {
  const traces = file.path.startsWith("test/") ? TRACES : [...TRACES, ...PERSONAL];
  return file.lines.flatMap((line, index) =>
    traces
      .filter(([trace]) => trace.test(line))
      .map(([, what]) => ({ path: file.path, line: index + 1, message: `names ${what}` })),
  );
}

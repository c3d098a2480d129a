/**
 * Decides that written tests are run: none is switched off or runs alone without a stated reason.
 */
import ts from "typescript";
import { eachNode, lineOf } from "../tree.ts";
import type { Finding, Rule, TreeFile } from "../tree.ts";

/** `skipIf` and `runIf` state a reason, and `npm test` prints what they depend on. */
const SWITCHED_OFF = /^(it|test|describe|bench)(\.\w+)*\.(skip|only|todo|fails)$/;
const OLD_NAMES = /^(xit|xdescribe|xtest|fit|fdescribe)$/;

export const testsRun: Rule = {
  name: "tests-run",
  holds: "no test is skipped, left to do or run alone",
  check(tree) {
    return tree.files.filter(({ path }) => path.startsWith("test/")).flatMap(inFile);
  },
};

function inFile(file: TreeFile): Finding[] {
  const findings: Finding[] = [];
  eachNode(file, (node) => {
    if (!ts.isCallExpression(node)) return;
    const callee = node.expression.getText();
    if (!SWITCHED_OFF.test(callee) && !OLD_NAMES.test(callee)) return;
    const message = `${callee}: run it, or use skipIf with what this machine lacks`;
    findings.push({ path: file.path, line: lineOf(file, node), message });
  });
  return findings;
}

/**
 * Decides which arithmetic the exact rooms use: the Math functions that the language defines to the
 * last bit. Others (exp, pow, hypot, `**` on numbers …) may differ between engines and versions.
 */
import ts from "typescript";
import { EXACT_ROOMS, roomOf } from "../rooms.ts";
import { eachNode, lineOf } from "../tree.ts";
import type { Finding, Rule, TreeFile } from "../tree.ts";

const ALLOWED = new Set(["fround", "imul", "clz32", "sqrt", "abs", "min", "max", "trunc", "floor"]);

export const exactMath: Rule = {
  name: "exact-math",
  holds: "engine, learning, ledger and consensus use only Math functions that are exact",
  check(tree) {
    return tree.files
      .filter((file) => EXACT_ROOMS.includes(roomOf(file.path) ?? ""))
      .flatMap(inFile);
  },
};

function inFile(file: TreeFile): Finding[] {
  const findings: Finding[] = [];
  eachNode(file, (node) => {
    const message = mathRefusal(node) ?? powerRefusal(node);
    if (message !== undefined)
      findings.push({ path: file.path, line: lineOf(file, node), message });
  });
  return findings;
}

function mathRefusal(node: ts.Node): string | undefined {
  if (!ts.isIdentifier(node) || node.text !== "Math") return undefined;
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) {
    if (parent.name === node || ALLOWED.has(parent.name.text)) return undefined;
    return `Math.${parent.name.text} is not exact; use ${[...ALLOWED].join(", ")}`;
  }
  return "name the Math function where it is called, so that this rule can read it";
}

/** `2n ** 64n` is exact; `2 ** x` is left to the implementation. */
function powerRefusal(node: ts.Node): string | undefined {
  if (!ts.isBinaryExpression(node)) return undefined;
  const operator = node.operatorToken.kind;
  const power = ts.SyntaxKind.AsteriskAsteriskToken;
  if (operator !== power && operator !== ts.SyntaxKind.AsteriskAsteriskEqualsToken)
    return undefined;
  if (ts.isBigIntLiteral(node.left) || ts.isBigIntLiteral(node.right)) return undefined;
  return "** on numbers is not exact; build the power from bits or write its constant";
}

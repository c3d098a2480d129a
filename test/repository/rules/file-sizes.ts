/**
 * Decides how large things may be: 400 lines a file, 70 a function, 100 columns. Prose,
 * npm's own files, samples, vectors, what a test writes and what Grafana exports are exempt,
 * because they are not read the way code is.
 */
import ts from "typescript";
import { eachNode, lineOf } from "../tree.ts";
import type { Finding, Rule, TreeFile } from "../tree.ts";

const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 70;
const COLUMNS_MAX = 100;

const EXEMPT = new RegExp(
  [
    String.raw`\.(md|sample)$`,
    String.raw`^package(-lock)?\.json$`,
    String.raw`^test/vectors/.*\.json$`,
    String.raw`^src-main/contract/openrpc\.json$`,
    String.raw`^packaging/grafana/.*\.json$`,
  ].join("|"),
);

export const fileSizes: Rule = {
  name: "file-sizes",
  holds: "a file has at most 400 lines, a function 70, a line 100 columns",
  check(tree) {
    return tree.files
      .filter((file) => !EXEMPT.test(file.path))
      .flatMap((file) => [...lengths(file), ...columns(file), ...functions(file)]);
  },
};

function lengths(file: TreeFile): Finding[] {
  const count = file.lines.length;
  if (count <= FILE_LINES_MAX) return [];
  const message = `${count} lines; at most ${FILE_LINES_MAX}: split it by what it decides`;
  return [{ path: file.path, line: FILE_LINES_MAX + 1, message }];
}

function columns(file: TreeFile): Finding[] {
  return file.lines.flatMap((line, index) => {
    const count = [...line].length;
    if (count <= COLUMNS_MAX) return [];
    const message = `${count} columns; at most ${COLUMNS_MAX}: break the line`;
    return [{ path: file.path, line: index + 1, message }];
  });
}

function functions(file: TreeFile): Finding[] {
  const findings: Finding[] = [];
  eachNode(file, (node) => {
    if (!ts.isFunctionLike(node) || isDescribeBody(node)) return;
    const first = lineOf(file, node);
    const last = file.source?.getLineAndCharacterOfPosition(node.getEnd()).line ?? 0;
    const count = last + 1 - first + 1;
    if (count <= FUNCTION_LINES_MAX) return;
    const message = `function of ${count} lines; at most ${FUNCTION_LINES_MAX}: name its parts`;
    findings.push({ path: file.path, line: first, message });
  });
  return findings;
}

/** The body of a `describe` is a list of facts, not a function that anybody follows. */
function isDescribeBody(node: ts.Node): boolean {
  const call = node.parent;
  return ts.isCallExpression(call) && /^describe\b/.test(call.expression.getText());
}

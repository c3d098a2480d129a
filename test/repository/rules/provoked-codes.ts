/**
 * Decides that every code is provoked: some test expects it. A code counts where it is an expected
 * value, not where it is only mentioned: within an `expect(…)` and what follows it, within the
 * arguments of a function that ends in an `expect`, or within a table of cases of a test. A code
 * that nothing can provoke is dead and goes.
 */
import ts from "typescript";
import { eachNode } from "../tree.ts";
import type { Rule, TreeFile } from "../tree.ts";
import { listedCodes } from "./error-codes.ts";

const TESTS = /^test\/.+\.ts$/;
/** The report names codes beside tests, and rules name them in samples: neither expects one. */
const NAMES_ONLY = /^test\/(reports|repository)\//;

const WORD = /[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+/g;

export const provokedCodes: Rule = {
  name: "provoked-codes",
  holds: "every listed code is the expected value of a test",
  check(tree) {
    const listed = listedCodes(tree);
    const tests = tree.files.filter(({ path }) => TESTS.test(path) && !NAMES_ONLY.test(path));
    const expected = new Set(tests.flatMap((file) => [...expectedWords(file)]));
    return [...listed]
      .filter(([code]) => !expected.has(code))
      .map(([code, { file, line }]) => ({
        path: file.path,
        line,
        message: `${code} is expected by no test; provoke it, or remove it where nothing can`,
      }));
  },
};

/** The codes that a test file expects. One of several, as in LEDGER_(A|B), is not expected. */
function expectedWords(file: TreeFile): Set<string> {
  const found = new Set<string>();
  const asserting = assertingFunctions(file);
  eachNode(file, (node) => {
    const text = textOf(node);
    if (text === undefined || !isExpected(node, asserting)) return;
    for (const [word] of text.matchAll(WORD)) found.add(word);
  });
  return found;
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node) || ts.isRegularExpressionLiteral(node)) return node.text;
  return ts.isTemplateExpression(node) ? node.getText() : undefined;
}

/** Names of the file's own functions in whose body something is expected. */
function assertingFunctions(file: TreeFile): Set<string> {
  const names = new Set<string>();
  eachNode(file, (node) => {
    const name = ts.isFunctionDeclaration(node)
      ? node.name?.text
      : ts.isVariableDeclaration(node) && isFunction(node.initializer)
        ? node.name.getText()
        : undefined;
    if (name !== undefined && /\bexpect\w*\(/.test(node.getText())) names.add(name);
  });
  return names;
}

function isFunction(node: ts.Node | undefined): boolean {
  return node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node));
}

function isExpected(node: ts.Node, asserting: ReadonlySet<string>): boolean {
  for (let at = node; !ts.isSourceFile(at.parent); at = at.parent) {
    const { parent } = at;
    if (ts.isCallExpression(parent) && parent.expression !== at) {
      const root = rootOf(parent.expression);
      if (/^expect/.test(root) || asserting.has(root) || isTable(parent)) return true;
    }
    if (ts.isVariableDeclaration(parent) && parent.initializer === at) return isUsedTable(parent);
  }
  return false;
}

/** `expect(x).not.toBe` begins with "expect", `refuses` with itself. */
function rootOf(callee: ts.Expression): string {
  let at: ts.Expression = callee;
  while (ts.isPropertyAccessExpression(at) || ts.isCallExpression(at)) at = at.expression;
  return ts.isIdentifier(at) ? at.text : "";
}

function isTable(call: ts.CallExpression): boolean {
  const callee = call.expression;
  return ts.isPropertyAccessExpression(callee) && callee.name.text === "each";
}

/** A list or a record of cases: exported for a test, or used again in the file. */
function isUsedTable(declared: ts.VariableDeclaration): boolean {
  let at = declared.initializer;
  while (at !== undefined && (ts.isAsExpression(at) || ts.isSatisfiesExpression(at))) {
    at = at.expression;
  }
  if (at === undefined) return false;
  if (ts.isStringLiteralLike(at) || ts.isRegularExpressionLiteral(at)) return false;
  const list = ts.isArrayLiteralExpression(at) || ts.isObjectLiteralExpression(at);
  if (!list && !ts.isNewExpression(at) && !ts.isCallExpression(at)) return false;
  const statement = declared.parent.parent;
  const isExported =
    ts.isVariableStatement(statement) &&
    (statement.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  const name = declared.name.getText();
  const uses = declared.getSourceFile().text.match(new RegExp(`\\b${name}\\b`, "g")) ?? [];
  return isExported || uses.length > 1;
}

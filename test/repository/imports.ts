/**
 * Decides what counts as an import: static, type-only, re-exported, dynamic, and by
 * import.meta.url.
 */
import { posix } from "node:path";
import ts from "typescript";
import { eachNode, lineOf } from "./tree.ts";
import type { TreeFile } from "./tree.ts";

/** One import of a file. */
export interface Import {
  readonly specifier: string;
  /** The path in the tree for a relative specifier. */
  readonly target: string | undefined;
  readonly line: number;
}

/** Every import of a file, in order. */
export function importsOf(file: TreeFile): Import[] {
  const found: Import[] = [];
  eachNode(file, (node) => {
    const literal = importedLiteral(node);
    if (literal === undefined) return;
    const specifier = literal.text;
    const relative = specifier.startsWith("./") || specifier.startsWith("../");
    const target = relative ? posix.join(posix.dirname(file.path), specifier) : undefined;
    found.push({ specifier, target, line: lineOf(file, literal) });
  });
  return found;
}

/** The package of a bare specifier, "@noble/hashes/sha2.js" being "@noble/hashes". */
export function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? specifier);
}

function importedLiteral(node: ts.Node): ts.StringLiteralLike | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    return asLiteral(node.moduleSpecifier);
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return asLiteral(node.argument.literal);
  }
  if (ts.isCallExpression(node)) {
    const dynamic = node.expression.kind === ts.SyntaxKind.ImportKeyword;
    const required = ts.isIdentifier(node.expression) && node.expression.text === "require";
    return dynamic || required ? asLiteral(node.arguments[0]) : undefined;
  }
  // new URL("./worker.ts", import.meta.url) starts that file, so it is used from here.
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression)) {
    const [first, second] = node.arguments ?? [];
    const ownUrl = second?.getText() === "import.meta.url";
    const literal = node.expression.text === "URL" && ownUrl ? asLiteral(first) : undefined;
    return literal !== undefined && /\.(ts|mjs)$/.test(literal.text) ? literal : undefined;
  }
  return undefined;
}

function asLiteral(node: ts.Node | undefined): ts.StringLiteralLike | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node : undefined;
}

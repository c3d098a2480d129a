/**
 * Decides that codes are permanent and findable: each code that a program can say is listed in
 * contract/codes/, and each listed code is said somewhere.
 */
import ts from "typescript";
import { ROOM_RANKS } from "../rooms.ts";
import { eachNode, lineOf } from "../tree.ts";
import type { Finding, Rule, Tree, TreeFile } from "../tree.ts";

const LIST = /^src-main\/contract\/codes\/[^/]+\.ts$/;
const CODE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;

/** Sources that can say a code; the lists themselves do not count. */
const SPEAKS = /^(src-main\/.+\.(ts|mjs)|src-renderer\/.+\.(ts|svelte)|native\/.+\.(cc|h))$/;

export const errorCodes: Rule = {
  name: "error-codes",
  holds: "every code of a rejection or a fault is listed in contract/codes, and the reverse",
  check(tree) {
    const listed = listedCodes(tree);
    const sources = tree.files.filter(({ path }) => SPEAKS.test(path) && !LIST.test(path));
    const rooms = new Set([...Object.keys(ROOM_RANKS), ...[...listed.keys()].map(roomIn)]);
    const unlisted = sources.flatMap((file) =>
      spokenCodes(file, rooms)
        .filter(({ code }) => !listed.has(code))
        .map(({ code, line }) => ({
          path: file.path,
          line,
          message: `${code} is not listed; add it to contract/codes/${fileFor(code)}`,
        })),
    );
    return [...unlisted, ...unspoken(listed, sources)];
  },
};

function fileFor(code: string): string {
  return `${roomIn(code)}.ts`;
}

function roomIn(code: string): string {
  return (code.split("_")[0] ?? "").toLowerCase();
}

/** Every listed code with its place. */
export function listedCodes(tree: Tree): Map<string, { file: TreeFile; line: number }> {
  const listed = new Map<string, { file: TreeFile; line: number }>();
  for (const file of tree.files.filter(({ path }) => LIST.test(path))) {
    eachNode(file, (node) => {
      if (!ts.isPropertyAssignment(node)) return;
      const name = ts.isIdentifier(node.name) ? node.name.text : "";
      if (CODE.test(name)) listed.set(name, { file, line: lineOf(file, node) });
    });
  }
  return listed;
}

/** Codes in `reject("…")`, `new Fault("…")` and `code: "…"` whose first word is a room's name. */
function spokenCodes(file: TreeFile, rooms: ReadonlySet<string>): { code: string; line: number }[] {
  const found: { code: string; line: number }[] = [];
  eachNode(file, (node) => {
    if (!ts.isStringLiteralLike(node) || !CODE.test(node.text)) return;
    if (isSpoken(node, rooms)) found.push({ code: node.text, line: lineOf(file, node) });
  });
  return found;
}

function isSpoken(node: ts.StringLiteralLike, rooms: ReadonlySet<string>): boolean {
  let place: ts.Node = node;
  while (ts.isConditionalExpression(place.parent) || ts.isParenthesizedExpression(place.parent)) {
    place = place.parent;
  }
  const parent = place.parent;
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) {
    const callee = parent.expression.getText();
    if (/^(reject|Fault|SetupFailure)$/.test(callee)) return parent.arguments?.[0] === place;
  }
  const named = rooms.has(roomIn(node.text));
  const property = ts.isPropertyAssignment(parent) && parent.name.getText() === "code";
  const type = ts.isLiteralTypeNode(parent) && isCodeProperty(parent.parent);
  return named && (property || type);
}

function isCodeProperty(node: ts.Node): boolean {
  return ts.isPropertySignature(node) && node.name.getText() === "code";
}

function unspoken(
  listed: ReadonlyMap<string, { file: TreeFile; line: number }>,
  sources: readonly TreeFile[],
): Finding[] {
  const spoken = new Set<string>();
  for (const { text } of sources) {
    for (const [word] of text.matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g)) spoken.add(word);
  }
  return [...listed]
    .filter(([code]) => !spoken.has(code))
    .map(([code, { file, line }]) => ({
      path: file.path,
      line,
      message: `${code} is said nowhere; remove it (before a release) or use it`,
    }));
}

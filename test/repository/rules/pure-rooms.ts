/**
 * Decides what rooms of rank 0 to 7 may reach: nothing but their arguments. A clock, chance, the
 * environment or a locale would make two honest machines disagree.
 */
import ts from "typescript";
import { importsOf } from "../imports.ts";
import { isPure, rankOf, roomOf } from "../rooms.ts";
import { eachNode, lineOf } from "../tree.ts";
import type { Finding, Rule, TreeFile } from "../tree.ts";

const FORBIDDEN: Readonly<Record<string, string>> = {
  Date: "take the time as an argument (ports: clock)",
  performance: "take the time as an argument (ports: clock)",
  setTimeout: "return when to be called again; timers live in rank 8 and above",
  setInterval: "return when to be called again; timers live in rank 8 and above",
  setImmediate: "return what to do next; timers live in rank 8 and above",
  process: "take it as an argument; the environment is read in processes/",
  Intl: "format without a locale; the page formats for people",
  fetch: "the network comes in through ports",
  console: "return a value or take a log (ports: log)",
  WeakRef: "garbage collection is not deterministic; hold the value or its key",
};

const LOCALE = /^(toLocale\w+|localeCompare)$/;

/**
 * JSON text has no canonical form; bytes to hash come from codec. contract speaks JSON to programs.
 */
const JSON_RANK_MIN = 1;

export const pureRooms: Rule = {
  name: "pure-rooms",
  holds: "rooms 0 to 7 use no clock, timers, chance, locale, environment, node: modules",
  check(tree) {
    return tree.files
      .filter((file) => isPure(roomOf(file.path)))
      .flatMap((file) => [...nodeModules(file), ...globals(file)]);
  },
};

function nodeModules(file: TreeFile): Finding[] {
  return importsOf(file)
    .filter((one) => one.specifier.startsWith("node:"))
    .map((one) => ({
      path: file.path,
      line: one.line,
      message: `${one.specifier} belongs in rank 8 and above; take what it gives as an argument`,
    }));
}

function globals(file: TreeFile): Finding[] {
  const findings: Finding[] = [];
  const rank = rankOf(roomOf(file.path) ?? "") ?? 0;
  eachNode(file, (node) => {
    const message = ts.isIdentifier(node) ? identifierRefusal(node, rank) : undefined;
    if (message !== undefined)
      findings.push({ path: file.path, line: lineOf(file, node), message });
  });
  return findings;
}

function identifierRefusal(node: ts.Identifier, rank: number): string | undefined {
  const parent = node.parent;
  const member = ts.isPropertyAccessExpression(parent) && parent.name === node;
  if (member) return memberRefusal(parent, rank);
  if (!isReference(node) || !Object.hasOwn(FORBIDDEN, node.text)) return undefined;
  return `${node.text}: ${FORBIDDEN[node.text] ?? ""}`;
}

function memberRefusal(access: ts.PropertyAccessExpression, rank: number): string | undefined {
  const name = access.name.text;
  const owner = access.expression.getText();
  if (owner === "Math" && name === "random") {
    return "Math.random: take randomness as an argument (ports: entropy, or engine's Philox)";
  }
  if (owner === "globalThis" && Object.hasOwn(FORBIDDEN, name)) return FORBIDDEN[name];
  if (LOCALE.test(name)) return `${name}: compare and format without a locale`;
  if (owner === "JSON" && name === "stringify" && rank >= JSON_RANK_MIN) {
    return "JSON.stringify: JSON has no canonical form; encode with codec";
  }
  const call = access.parent;
  const sorts = name === "sort" || name === "toSorted";
  if (sorts && ts.isCallExpression(call) && call.expression === access) {
    return call.arguments.length === 0 ? `${name}(): give a comparator` : undefined;
  }
  return undefined;
}

/** False for names of properties, parameters, declarations and types, which reach nothing. */
function isReference(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent))
    return parent.name !== node;
  if (ts.isMethodSignature(parent) || ts.isMethodDeclaration(parent)) return false;
  if (ts.isPropertyDeclaration(parent) || ts.isBindingElement(parent)) return parent.name !== node;
  if (ts.isParameter(parent) || ts.isVariableDeclaration(parent)) return parent.name !== node;
  if (ts.isFunctionDeclaration(parent) || ts.isImportSpecifier(parent)) return false;
  return !ts.isTypeReferenceNode(parent) && !ts.isQualifiedName(parent);
}

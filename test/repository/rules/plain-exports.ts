/** Decides how files export: by name, each name written out; faces (index.ts) hold no logic. */
import ts from "typescript";
import { lineOf } from "../tree.ts";
import type { Finding, Rule, TreeFile } from "../tree.ts";

/** Configuration files of tools must export by default. */
const TOOLS = /^[^/]+\.config\.(ts|js|mjs)$/;

export const plainExports: Rule = {
  name: "plain-exports",
  holds: "no `export *`, no default exports, and a face (index.ts) only re-exports",
  check(tree) {
    return tree.files.filter((file) => !TOOLS.test(file.path)).flatMap(inFile);
  },
};

function inFile(file: TreeFile): Finding[] {
  const face = /^src-main\/.*\/index\.ts$/.test(file.path);
  return (file.source?.statements ?? []).flatMap((statement) => {
    const message = refusal(statement, face);
    if (message === undefined) return [];
    return [{ path: file.path, line: lineOf(file, statement), message }];
  });
}

function refusal(statement: ts.Statement, face: boolean): string | undefined {
  if (ts.isExportDeclaration(statement)) {
    const clause = statement.exportClause;
    if (clause === undefined || ts.isNamespaceExport(clause)) {
      return "export * hides what the file offers; list the names";
    }
    return undefined;
  }
  if (ts.isExportAssignment(statement) || isDefault(statement)) {
    return "default exports get a new name at each import; export by name";
  }
  return face
    ? "a face only re-exports; move this into a file named after what it decides"
    : undefined;
}

function isDefault(statement: ts.Statement): boolean {
  if (!ts.canHaveModifiers(statement)) return false;
  const modifiers = ts.getModifiers(statement) ?? [];
  return modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword);
}

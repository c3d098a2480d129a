/**
 * Decides what the repository's rules look at: every text file that is ours, as path, lines and,
 * for TypeScript and JavaScript, the parsed source. Rules see only this, so a sample can stand in
 * for it.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** One file of the tree; paths have forward slashes and are relative to the root. */
export interface TreeFile {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  /** The parsed source of .ts, .mjs and .js files, and of the scripts of components. */
  readonly source: ts.SourceFile | undefined;
}

/** What a rule looks at. */
export interface Tree {
  readonly files: readonly TreeFile[];
  readonly byPath: ReadonlyMap<string, TreeFile>;
}

/** One breach of a rule; the message says how to mend it. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** A rule of the repository. */
export interface Rule {
  /** Kebab-case, the name of the rule's file and of its folder of samples. */
  readonly name: string;
  /** What holds where the rule holds, as a sentence. */
  readonly holds: string;
  check(tree: Tree): Finding[];
}

/** Made, fetched or belonging to tools: not ours to judge. */
const NOT_OURS = new Set(["node_modules", "build", "assets", ".git"]);

/** The kinds of file that rules read; anything else (images, vectors in binary) is left alone. */
const READ = /\.(ts|mjs|js|json|cc|h|wgsl|svelte|css|html|gyp|md|sample)$|(^|\/)\.ci\/run$/;

/** Builds a tree from paths and texts. */
export function treeOf(entries: readonly (readonly [path: string, text: string])[]): Tree {
  const files = entries.map(([path, text]) => treeFile(path, text));
  return { files, byPath: new Map(files.map((file) => [file.path, file])) };
}

function treeFile(path: string, text: string): TreeFile {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const script = path.endsWith(".svelte") ? scriptOf(text) : text;
  const parsed = /\.(ts|mjs|js|svelte)$/.test(path);
  const kind = path.endsWith(".svelte") ? ts.ScriptKind.TS : undefined;
  const source = parsed
    ? ts.createSourceFile(path, script, ts.ScriptTarget.Latest, true, kind)
    : undefined;
  return { path, text, lines, source };
}

/** A component's scripts alone, on the lines where they stand: markup and style become blanks. */
function scriptOf(text: string): string {
  const blank = (part: string): string => part.replace(/[^\n]/g, " ");
  let script = "";
  let end = 0;
  for (const match of text.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)) {
    const first = match.index + match[0].indexOf(">") + 1;
    script += blank(text.slice(end, first)) + match[1];
    end = first + match[1].length;
  }
  return script + blank(text.slice(end));
}

/** Reads the tree below a folder. */
export function readTree(root: string): Tree {
  const entries: (readonly [string, string])[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!NOT_OURS.has(entry.name)) walk(path);
      } else if (entry.isFile() && READ.test(path)) {
        entries.push([path, readFileSync(join(root, path), "utf8")]);
      }
    }
  };
  walk("");
  return treeOf(entries);
}

/** The line, counted from 1, on which a node begins. */
export function lineOf(file: TreeFile, node: ts.Node): number {
  const source = file.source;
  if (source === undefined) return 1;
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

/** Calls `visit` for every node of a parsed file. */
export function eachNode(file: TreeFile, visit: (node: ts.Node) => void): void {
  const down = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, down);
  };
  if (file.source !== undefined) down(file.source);
}

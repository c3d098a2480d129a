/**
 * Decides what Electron is given to run: `main.ts` and what it imports, as plain JavaScript, in a
 * folder of its own. Types are only taken out, so every line stays where it is; Electron's own Node
 * is not asked to understand them. The folder holds no packages: the window needs none.
 */

import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join, posix } from "node:path";

import { invariant } from "../contract/outcome.ts";

const BEGINNING = "shell/main.ts";

/** Relative imports that are left once types are gone; types are imported as such everywhere. */
const IMPORT = /^((?:import|export)\b[^;]*?\bfrom\s+|import\s+)"([^"]+)";/gm;

/** What Electron and its Node bring; anything else would have to be packed too. */
const BUILT_IN = /^(node:|electron$)/;

/** Where the sources lie and where the window is laid out. */
export interface WindowLayout {
  /** The folder that holds `shell/` and `contract/`. */
  readonly sources: string;
  /** A PNG of 512 pixels. */
  readonly icon: string;
  readonly version: string;
  /** Made anew; what was there goes. */
  readonly target: string;
}

/**
 * Lays the window out.
 * @returns the files that were written, relative to the folder, in order of discovery
 */
export function layOutWindow({ sources, icon, version, target }: WindowLayout): string[] {
  const partial = `${target}.${process.pid}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const written: string[] = [];
  const waiting = [BEGINNING];
  const known = new Set(waiting);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const { code, imports } = withoutTypes(path, readFileSync(join(sources, path), "utf8"));
    const name = path.replace(/\.ts$/, ".js");
    mkdirSync(dirname(join(partial, name)), { recursive: true });
    writeFileSync(join(partial, name), code);
    written.push(name);
    for (const one of imports.filter((imported) => !known.has(imported))) {
      known.add(one);
      waiting.push(one);
    }
  }
  const description = "The window of VIVIAN Miner";
  const author = { name: "VIVIAN Miner" };
  const main = "shell/main.js";
  const manifest = { name: "vivian-miner", version, description, author, type: "module", main };
  writeFileSync(join(partial, "package.json"), `${JSON.stringify(manifest, undefined, 1)}\n`);
  cpSync(icon, join(partial, "icon.png"));
  rmSync(target, { recursive: true, force: true });
  renameSync(partial, target);
  return written;
}

/** A source as JavaScript, and the sources that it imports; paths from the sources' folder. */
export function withoutTypes(path: string, text: string): { code: string; imports: string[] } {
  const imports: string[] = [];
  const plain = stripTypeScriptTypes(text, { mode: "strip" });
  const code = plain.replace(IMPORT, (statement, beginning: string, specifier: string) => {
    if (BUILT_IN.test(specifier)) return statement;
    const isOurs = /^\.\.?\/.*\.ts$/.test(specifier);
    invariant(isOurs, `the window takes no packages, and ${path} imports ${specifier}`);
    imports.push(posix.join(posix.dirname(path), specifier));
    return `${beginning}"${specifier.replace(/\.ts$/, ".js")}";`;
  });
  return { code, imports };
}

/**
 * Decides which files the page's server gives out: those that the build made, by their exact names.
 * A request chooses from that list and never forms a path, so there is no way out of the folder.
 */

import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

import { PAGE_FILE_BYTES_MAX, PAGE_FILES_MAX } from "../limits.ts";
import type { Reply } from "./replies.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/** The build puts a hash of the content into a name, so such a file never changes. */
const HASHED = /-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/;
const FOR_EVER = "public, max-age=31536000, immutable";

const NOT_BUILT =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>VIVIAN Miner</title>' +
  "<p>The page has not been built yet; run <code>npm start</code> once, which builds it, " +
  "or use the <code>vivian</code> command.</p></html>\n";

/** The files of a built page. */
export class PageFiles {
  readonly #folder: string;
  #files: ReadonlyMap<string, string> = new Map();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The answer for a path such as "/" or "/assets/index-B1x9_abc.js"; null when there is none. */
  reply(path: string): Reply | null {
    // Looked at anew with each first view, so that a new build needs no new daemon.
    if (path === "/" || this.#files.size === 0) this.#files = listFiles(this.#folder);
    const name = path === "/" ? "/index.html" : path;
    const file = this.#files.get(name);
    if (file !== undefined) return fileReply(name, file);
    return path === "/" ? { status: 200, type: TYPES[".html"], body: NOT_BUILT } : null;
  }
}

function fileReply(name: string, file: string): Reply | null {
  const type = TYPES[extname(name)];
  try {
    const facts = lstatSync(file);
    if (!facts.isFile() || facts.size > PAGE_FILE_BYTES_MAX) return null;
    const cache = HASHED.test(name) ? FOR_EVER : "no-cache";
    const headers = { "cache-control": cache };
    return { status: 200, type, body: readFileSync(file), headers };
  } catch {
    return null;
  }
}

/** Plain files below the folder by their path on the server; links and unknown types are not. */
function listFiles(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  const waiting = [""];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const entry of entriesOf(join(folder, at))) {
      const path = `${at}/${entry.name}`;
      if (files.size + waiting.length >= PAGE_FILES_MAX) return files;
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile() && Object.hasOwn(TYPES, extname(entry.name))) {
        files.set(path, join(folder, path));
      }
    }
  }
  return files;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

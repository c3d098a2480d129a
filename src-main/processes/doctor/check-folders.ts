/** Decides whether the data folder and the keys in it are ours, writable, and closed to others. */

import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

import type { DataFolder } from "../config/data-folder.ts";
import { folderFault } from "../config/data-folder.ts";
import { fault, faultOf, ok } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** Permission bits of everyone but the owner. */
const OTHERS = 0o077;

/** Whether the folder can be written and nobody else can look into it. */
export function checkFolder(folder: DataFolder): Finding {
  const path = folder.network;
  if (!existsSync(path)) return ok("data folder", `${path} will be made by the first start`);
  try {
    const wrong = wrongRights(path);
    if (wrong !== null) return fault("data folder", wrong.text, wrong.next);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return ok("data folder", `${path}, closed to others`);
  } catch (error) {
    return faultOf("data folder", folderFault(path, error));
  }
}

/** Whether each key file is the owner's alone. */
export function checkKeys(folder: DataFolder): Finding {
  const path = folder.keys;
  if (!existsSync(path)) return ok("keys", "none yet; the first start makes them");
  try {
    const files = readdirSync(path).map((name) => join(path, name));
    for (const file of [path, ...files]) {
      const wrong = wrongRights(file);
      if (wrong !== null) return fault("keys", wrong.text, wrong.next);
    }
    return ok("keys", `${files.length} in ${path}, closed to others`);
  } catch (error) {
    return faultOf("keys", folderFault(path, error));
  }
}

/** What is wrong with a path's owner or mode; null where nothing is. */
function wrongRights(path: string): { readonly text: string; readonly next: string } | null {
  // Windows guards files by the profile folder's access list, which the mode does not show.
  if (process.platform === "win32") return null;
  const facts = statSync(path);
  if (facts.uid !== process.getuid?.()) {
    return {
      text: `${path} belongs to another user`,
      next: `Run as its owner, or give it to you: chown -R "$USER" "${path}"`,
    };
  }
  if ((facts.mode & OTHERS) === 0) return null;
  const mode = facts.isDirectory() ? "700" : "600";
  return { text: `${path} is open to others`, next: `chmod ${mode} "${path}"` };
}

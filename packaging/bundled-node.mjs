/**
 * Decides which Node a package brings: the one that set-up pins by version and hash, where npm has
 * it for the system. For Apple silicon npm has none of line 24 that is new enough (its package of
 * that name ends at 24.0), so there `--node` names the program of nodejs.org's own archive, whose
 * hash its SHASUMS256.txt gives.
 */
import { existsSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { fetchFittingNode, pinnedNode } from "../src-main/bootstrap/fitting-node.mjs";
import { withLock } from "../src-main/bootstrap/lock.mjs";

/**
 * The Node's program; fetches the pinned one where set-up had no need of it.
 * @param {string} root
 * @param {{ platform: string, arch: string }} target
 * @param {string | undefined} named   by the person who packs
 */
export async function nodeToBundle(root, { platform, arch }, named) {
  if (named !== undefined) {
    const file = isAbsolute(named) ? named : resolve(root, named);
    if (!existsSync(file)) throw new Error(`there is no Node at ${file}`);
    return file;
  }
  const pinned = pinnedNode(`${platform}-${arch}`);
  if (pinned === undefined) {
    throw new Error(
      `npm brings no fitting Node for ${platform}-${arch}: take the archive of Node 24.15 or ` +
        `newer from nodejs.org, check it against SHASUMS256.txt, name its bin/node with --node`,
    );
  }
  const file = join(pinned.folder, "bin", platform === "win32" ? "node.exe" : "node");
  if (!existsSync(file)) await withLock(fetchFittingNode);
  return file;
}

/**
 * `npm run package`: makes the packages of this system into build/packages/. Arguments:
 *   --layout      only lays out build/package/
 *   --dir         packs an unpacked folder and makes no installer
 *   --node FILE   bundles this Node instead of the pinned one
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { nodeToBundle } from "./bundled-node.mjs";
import { layOut, thisSystem } from "./lay-out.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));

const { values: wish } = parseArgs({
  options: {
    layout: { type: "boolean", default: false },
    dir: { type: "boolean", default: false },
    node: { type: "string" },
  },
});

try {
  const node = await nodeToBundle(root, thisSystem(), wish.node);
  const laidOut = layOut({ root, folder: join(root, "build", "package"), node });
  const { nodeVersion, packages, folder } = laidOut;
  process.stdout.write(`package: Node ${nodeVersion}, ${packages} packages in ${folder}\n`);
  if (!wish.layout) await pack();
} catch (error) {
  process.stderr.write(`package: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** Runs the packager with electron-builder.yml; it fetches Electron and its own tools. */
async function pack() {
  const { build, Platform } = await import("app-builder-lib");
  const targets = Platform.current().createTarget(wish.dir ? "dir" : null);
  const made = await build({ projectDir: root, targets, publish: "never" });
  for (const file of made) process.stdout.write(`package: ${file}\n`);
}

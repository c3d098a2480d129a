#!/usr/bin/env node
/**
 * Decides nothing itself: `vivian <verb>` is the bootstrap's `cli <verb>`, so that the command
 * works from a tree that was never set up, on Node 20 or newer.
 */
const major = Number(process.versions.node.split(".")[0]);

if (major < 20) {
  console.error(`SETUP_NODE_OLD: Node 20 or newer is needed to begin; this is ${process.version}.`);
  process.exitCode = 1;
} else {
  const { runAndExit } = await import("../bootstrap/commands.mjs");
  await runAndExit(["cli", ...process.argv.slice(2)]);
}

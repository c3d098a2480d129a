/**
 * Decides nothing itself: it makes sure that this Node can read the rest, then hands over. Plain
 * JavaScript without dependencies, because it runs before anything is installed, on any Node.
 */
const major = Number(process.versions.node.split(".")[0]);

if (major < 20) {
  console.error(`SETUP_NODE_OLD: Node 20 or newer is needed to begin; this is ${process.version}.`);
  process.exitCode = 1;
} else {
  const { runAndExit } = await import("./bootstrap/commands.mjs");
  await runAndExit(process.argv.slice(2));
}

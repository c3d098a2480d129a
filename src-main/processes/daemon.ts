/**
 * The daemon: `node src-main/processes/daemon.ts [--foreground] [--detached]`. Started by the CLI
 * and by the window; VIVIAN_HOME names its data folder.
 */

import { failureLine } from "./cli/failure.ts";
import { runDaemon } from "./daemon/run-daemon.ts";

const words = new Set(process.argv.slice(2));
const outcome = await runDaemon({
  foreground: words.has("--foreground"),
  detached: words.has("--detached") || words.has("--foreground"),
});
if (!outcome.ok) process.stderr.write(`${failureLine(outcome.rejection)}\n`);
// What was cut short must not keep the process: everything worth keeping is on the disk by now.
process.exit(outcome.ok ? 0 : 1);

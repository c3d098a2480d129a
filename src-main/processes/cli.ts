/** The `vivian` command: `node src-main/processes/cli.ts <verb>` on the fitting Node. */

import { EXIT } from "./cli/failure.ts";
import { runCli } from "./cli/run-cli.ts";

// Whoever read our words (a pager, `head`) has left: nobody is there to be told more.
process.stdout.on("error", () => process.exit(EXIT.FAILED));

process.exitCode = await runCli(process.argv.slice(2));

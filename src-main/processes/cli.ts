/** The `vivian` command: `node src-main/processes/cli.ts <verb>` on the fitting Node. */

import { runCli } from "./cli/run-cli.ts";

process.exitCode = await runCli(process.argv.slice(2));

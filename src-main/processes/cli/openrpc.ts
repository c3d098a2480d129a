/** `vivian openrpc`: the control API as an OpenRPC document; needs no daemon. */

import type { Command } from "commander";

import { openRpcText } from "../../contract/control-api/openrpc.ts";

/** Adds the verb. */
export function addOpenRpc(program: Command): void {
  program
    .command("openrpc")
    .description("print the control API's schema (OpenRPC)")
    .option("--json", "the same: it is JSON already")
    .action(() => {
      process.stdout.write(openRpcText());
    });
}

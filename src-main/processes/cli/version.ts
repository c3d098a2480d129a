/** `vivian version`: which program this is, and which one answers as daemon. */

import type { Command } from "commander";

import { CONTROL_API_VERSION } from "../../contract/control-api/index.ts";
import { programVersion } from "../program-version.ts";
import { answer, openSession, tryConnect } from "./session.ts";
import { pairs } from "./table.ts";

/** Adds the verb. */
export function addVersion(program: Command): void {
  program
    .command("version")
    .description("show the version of this program and of the running daemon")
    .option("--json", "answer as JSON")
    .action(async (options: { json?: boolean }) => {
      const session = openSession(options);
      const client = await tryConnect(session);
      const daemon = client === null ? null : await client.call("version", {});
      client?.close();
      const running = daemon?.ok === true ? daemon.value : null;
      const own = { version: programVersion(), api: CONTROL_API_VERSION, node: process.version };
      const daemonText =
        running === null ? "not running" : `${running.version}, Node ${running.node}`;
      const lines = pairs([
        ["vivian", `${own.version}, Node ${own.node}`],
        ["daemon", daemonText],
      ]);
      answer(session, { ...own, daemon: running }, lines);
    });
}

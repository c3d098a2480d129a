/** `vivian backup` and `vivian restore`: what makes a machine the one it is, kept and put back. */

import { resolve } from "node:path";

import type { Command } from "commander";

import { formatNumberOf } from "../../contract/units.ts";
import { restoreBackup, writeBackup } from "../backup-folder.ts";
import { configSource } from "../config/load-config.ts";
import { makeDataFolder } from "../config/data-folder.ts";
import { CommandFailure, need } from "./failure.ts";
import { answer, openSession, tryConnect } from "./session.ts";

/** Adds the verb. */
export function addBackup(program: Command): void {
  program
    .command("backup")
    .description("copy keys, wallets, genesis document and settings into a new folder")
    .requiredOption("--to <folder>", "the new folder; keep it as closed as the keys")
    .option("--json", "answer as JSON")
    .action((options: { json?: boolean; to: string }) => {
      const session = openSession(options);
      const { folder, config } = session;
      const target = resolve(options.to);
      const { file } = configSource(folder.home);
      const files = need(writeBackup(folder, config.network, file, target));
      answer(session, { folder: target, files }, [
        `${formatNumberOf(files.length, "file", "files")} in ${target}.`,
        "Whoever has this folder can sign for this machine. The ledger is not in it:",
        "`vivian ledger snapshot --to FILE` keeps it.",
      ]);
    });
}

/** Adds the verb. */
export function addRestore(program: Command): void {
  program
    .command("restore")
    .description("put a backup into a data folder that has no network yet")
    .requiredOption("--from <folder>", "folder that `vivian backup` made")
    .option("--json", "answer as JSON")
    .action(async (options: { json?: boolean; from: string }) => {
      const session = openSession(options);
      const { folder, config } = session;
      const client = await tryConnect(session);
      if (client !== null) {
        client.close();
        const facts = { folder: folder.home };
        throw new CommandFailure({ code: "PROCESSES_DAEMON_RUNNING", facts });
      }
      makeDataFolder(folder);
      const files = need(restoreBackup(resolve(options.from), folder, config.network));
      answer(session, { folder: folder.network, files }, [
        `${formatNumberOf(files.length, "file", "files")} put into ${folder.home}.`,
        "The next start goes on as the same machine.",
      ]);
    });
}

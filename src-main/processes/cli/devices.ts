/** `vivian devices`: what the machine has and what each device can do here, or why not. */

import type { Command } from "commander";

import { deviceLines } from "./device-lines.ts";
import { need } from "./failure.ts";
import { untilAskedToLeave } from "./leaving.ts";
import { answer, openSession, withDaemon } from "./session.ts";
import { watchDevices } from "./watch-devices.ts";

/** Adds the verb. */
export function addDevices(program: Command): void {
  program
    .command("devices")
    .description("list the machine's devices and what each can do here")
    .option("--watch", "show what they say each second, until Ctrl-C")
    .option("--json", "answer as JSON")
    .action(async (options: { json?: boolean; watch?: boolean }) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        if (options.watch === true) {
          await untilAskedToLeave((signal) => watchDevices(session, client, signal));
          return;
        }
        const devices = need(await client.call("devices", {}));
        answer(session, devices, deviceLines(devices));
      });
    });
}

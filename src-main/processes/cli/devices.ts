/** `vivian devices`: what the machine has and what each device can do here, or why not. */

import type { Command } from "commander";

import type { Device, Devices } from "../../contract/control-api/index.ts";
import { formatBytes, formatNumberOf } from "../../contract/units.ts";
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
        answer(session, devices, devicesLines(devices));
      });
    });
}

const USE_WORDS: Readonly<Record<Device["use"], string>> = {
  "in-use": "in use",
  usable: "usable",
  "not-usable": "idle",
};

function devicesLines({ machine, devices }: Devices): string[] {
  const cores = formatNumberOf(machine.coresPhysical, "core", "cores");
  const threads = formatNumberOf(machine.coresAvailable, "thread", "threads");
  const memory = formatBytes(machine.memoryBytes);
  const lines = [`${machine.system}: ${cores}, ${threads} usable here, ${memory} memory`];
  for (const device of devices) {
    lines.push("", `${device.id}  ${device.name}: ${USE_WORDS[device.use]}`);
    if (device.engine !== null) {
      const exact = device.exact === true ? ", exact" : "";
      lines.push(`     ${device.engine} (${device.variant ?? ""})${exact}`);
    }
    lines.push(`     ${device.why}`);
    if (device.next !== null) lines.push(`     ${device.next}`);
  }
  return lines;
}

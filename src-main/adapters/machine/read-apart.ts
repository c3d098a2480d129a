/** Decides how the machine is read without waiting on it: in a process with a hard limit. */

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { MachineReading } from "./read-machine.ts";

const MODULE = fileURLToPath(new URL("./machine-child.ts", import.meta.url));

/**
 * Reads the machine; null where it took longer or the process failed.
 * @param withinMs  the limit, starting the process included
 */
export function readMachineApart(withinMs: number, root = "/"): Promise<MachineReading | null> {
  return new Promise((resolve) => {
    const child = fork(MODULE, [root], {
      serialization: "advanced",
      execArgv: [],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const settle = (reading: MachineReading | null): void => {
      clearTimeout(late);
      child.kill("SIGKILL");
      // One that waits inside the kernel ends when it returns; nobody waits for that.
      child.unref();
      child.channel?.unref();
      resolve(reading);
    };
    const late = setTimeout(() => settle(null), withinMs);
    child.once("message", (reading) => settle(reading as MachineReading));
    child.once("error", () => settle(null));
    child.once("exit", () => settle(null));
  });
}

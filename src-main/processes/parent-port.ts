/** Decides how a child talks to its daemon: Node's own channel, and no life without it. */

import { Fault } from "../contract/outcome.ts";
import type { ChildPort } from "../miner/index.ts";

/**
 * The channel to the daemon that started this process.
 * Throws Fault PROCESSES_CHILD when the program was started by hand.
 */
export function openParentPort(): ChildPort {
  const send = process.send?.bind(process);
  if (send === undefined) {
    throw new Fault("PROCESSES_CHILD", "this program is started by the daemon, not by hand");
  }
  // Without a daemon nobody wants the work, and two workers must never share a unit's folder.
  process.on("disconnect", () => process.exit(0));
  let unsent = 0;
  let ending = false;
  const endWhenSent = (): void => {
    if (ending && unsent === 0 && process.connected) process.disconnect();
  };
  return {
    send: (message) => {
      unsent += 1;
      send(message, undefined, undefined, () => {
        unsent -= 1;
        endWhenSent();
      });
    },
    onMessage: (listener) => void process.on("message", listener),
    end: (exitCode) => {
      process.exitCode = exitCode;
      process.removeAllListeners("disconnect");
      ending = true;
      endWhenSent();
    },
  };
}

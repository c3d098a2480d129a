/**
 * A key opener process: tries one password on one keystore and ends. The costly computing, its
 * memory and its copy of the password are this process's, and go with it.
 */

import { openKeystore } from "../wallet/index.ts";
import { checkOpenCommand } from "./daemon/opener-messages.ts";
import type { OpenReport } from "./daemon/opener-messages.ts";
import { openParentPort } from "./parent-port.ts";

const port = openParentPort();
let started = false;
port.onMessage((message) => {
  const command = checkOpenCommand(message);
  if (started) return;
  started = true;
  const opened = command.ok
    ? openKeystore(command.value.keystore, command.value.password)
    : Promise.resolve(command);
  opened.then(
    (outcome) => {
      const report: OpenReport = outcome.ok
        ? { kind: "opened", ...outcome.value }
        : { kind: "refused", code: outcome.rejection.code, facts: outcome.rejection.facts ?? {} };
      port.send(report);
      port.end(0);
    },
    // What was thrown is not told: nobody knows what its words hold.
    () => port.end(1),
  );
});

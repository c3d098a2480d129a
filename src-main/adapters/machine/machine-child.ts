/**
 * The process that reads the machine: a file of the system that never answers holds up this process
 * alone, which its leader then ends. A thread would keep the daemon from ending.
 */

import { readMachine } from "./read-machine.ts";

const [, , root = "/"] = process.argv;

// It stays until its leader ends it: where it ended by itself after its answer, the daemon of an
// account without rights heard of the end and not of the answer (test/integration/accounts).
process.on("disconnect", () => process.exit(0));
process.send?.(readMachine(root));

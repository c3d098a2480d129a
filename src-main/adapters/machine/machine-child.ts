/**
 * The process that reads the machine: a file of the system that never answers holds up this process
 * alone, which its leader then ends. A thread would keep the daemon from ending.
 */

import { readMachine } from "./read-machine.ts";

const [, , root = "/"] = process.argv;

// It stays until its leader ends it: a busy leader may hear of an end before it hears the answer.
process.on("disconnect", () => process.exit(0));
process.send?.(readMachine(root));

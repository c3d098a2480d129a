/**
 * The process that reads the machine: a file of the system that never answers holds up this process
 * alone, which its leader then ends. A thread would keep the daemon from ending.
 */

import { readMachine } from "./read-machine.ts";

const [, , root = "/"] = process.argv;

process.send?.(readMachine(root), () => process.exit(0));

/** A process that prunes, copies and restores, and says so after each step. Argument: folder. */

import { writeSync } from "node:fs";
import { takeSteps } from "./copy-steps.ts";

await takeSteps(process.argv[2], (step) => void writeSync(1, `acknowledged ${step}\n`));

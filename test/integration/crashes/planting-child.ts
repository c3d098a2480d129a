/** A process that cuts a trace with a planted fault. Arguments: trace, folder, root, plant. */

import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cutTrace, PLANTS } from "./trace-cuts.ts";
import { readTrace } from "./write-trace.ts";

const [trace, folder, root, plant] = process.argv.slice(2);
const calls = readTrace(readFileSync(trace, "latin1"), folder).flatMap(PLANTS[plant]);
await cutTrace(calls, { folder, root: mkdtempSync(join(root, "planted-")), seeds: 3 });

/**
 * A process that cuts a trace with a planted fault. Arguments: trace, folder, root, plant, and
 * whether the trace is of steps beside commits.
 */

import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expectSteps } from "./copy-steps.ts";
import { cutTrace, expectCommits, PLANTS } from "./trace-cuts.ts";
import { readTrace } from "./write-trace.ts";

const [trace, folder, root, plant, steps] = process.argv.slice(2);
const calls = readTrace(readFileSync(trace, "latin1"), folder).flatMap(PLANTS[plant]);
const expect = steps === "steps" ? expectSteps : expectCommits;
await cutTrace(calls, { folder, root: mkdtempSync(join(root, "planted-")), seeds: 3, expect });

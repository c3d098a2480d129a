/** A process that computes on a graphics adapter for a test, answers once and ends. */
import { gpuAdapters } from "../../../src-main/adapters/webgpu-engine/index.ts";
import { TASKS } from "./graphics-tasks.ts";

const [task, parameters] = process.argv.slice(2);

const answer =
  task === "adapters"
    ? (await gpuAdapters()).map(({ name }) => name)
    : await TASKS[task](...(JSON.parse(parameters) as unknown[]));

// Dawn's threads would keep the process; its objects are still held, so ending now is safe.
process.send?.(answer, () => process.exit(0));

/**
 * A process that opens one CUDA device: says whether it is exact here, and where it is how fast it
 * takes the standard steps, and how fast the processor does. A driver that fails ends this process
 * and nothing else. Arguments: the device's name ("": the first), the processor's threads.
 */

import {
  createNativeBackend,
  openCudaBackend,
  selfCheck,
} from "../adapters/native-engine/index.ts";
import { Fault } from "../contract/outcome.ts";
import { measureDevice } from "../miner/index.ts";
import type { MeasureOptions } from "../miner/index.ts";
import type { EngineBackend } from "../ports/engine-backend.ts";

const [, , name = "", threads = "1"] = process.argv;

/** Long enough to tell which is faster; both together take about two seconds. */
const SHORT: MeasureOptions = {
  productSize: 64,
  eachMs: 300,
  mostMs: 1_000,
  products: [],
  steps: ["cnn", "transformer"],
};

/** Steps a second of each standard step. */
async function ratesOf(backend: EngineBackend): Promise<readonly number[]> {
  const needs = { nowMs: () => performance.now(), counter: null };
  const { steps } = await measureDevice(backend, SHORT, needs);
  return steps.map(({ stepsPerSecond }) => stepsPerSecond);
}

async function probe(): Promise<object> {
  const backend = openCudaBackend(name === "" ? {} : { device: name });
  const wrong = await selfCheck(backend);
  const { variant, device } = backend;
  if (wrong.length > 0 || threads === "") {
    return { kind: "checked", name: device, variant, wrong, speedup: null };
  }
  const own = await ratesOf(backend);
  const other = await ratesOf(createNativeBackend({ threads: Number(threads) }));
  // The least gain counts: whatever is trained, it shall not become slower.
  const speedup = Math.min(...own.map((rate, at) => rate / other[at]));
  return { kind: "checked", name: device, variant, wrong, speedup };
}

let report: object;
try {
  report = await probe();
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  const isAbsent = /_ABSENT$/u.test(error.code);
  const reason = `${error.code}: ${error.message.split("\n")[0]}`.slice(0, 300);
  report = { kind: isAbsent ? "absent" : "failed", reason };
}
process.send?.(report, () => process.exit(0));

/**
 * A process that opens one CUDA device: says whether it is exact here, and where it is how fast it
 * takes the standard steps, and how fast the processor does. A driver that fails ends this process
 * and nothing else. Arguments: the device's name ("": the first), the processor's threads.
 */

import { openCudaBackend, selfCheck } from "../adapters/native-engine/index.ts";
import { Fault } from "../contract/outcome.ts";
import { measureSpeedup } from "./measure-speedup.ts";

const [, , name = "", threads = "1"] = process.argv;

async function probe(): Promise<object> {
  const backend = openCudaBackend(name === "" ? {} : { device: name });
  const wrong = await selfCheck(backend);
  const { variant, device } = backend;
  if (wrong.length > 0 || threads === "") {
    return { kind: "checked", name: device, variant, wrong, speedup: null };
  }
  const speedup = await measureSpeedup(backend, Number(threads));
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

/**
 * A process that opens one CUDA device: says whether it is exact here, and where it is how it does
 * beside the processor. A driver that fails ends this process and nothing else. Arguments: the
 * device's name, UUID or place ("": the first), the processor's threads ("": not measured), the
 * file of checks ("": none), "joules" where energy is measured as well.
 */

import { openCudaBackend, selfCheck } from "../adapters/native-engine/index.ts";
import { Fault } from "../contract/outcome.ts";
import { checkKey, findCheck, keepCheck } from "./engine-checks.ts";
import { knownOrMeasured } from "./measure-beside.ts";

const [, , name = "", threads = "", checksFile = "", prefer = "speed"] = process.argv;

async function probe(): Promise<object> {
  const backend = openCudaBackend(name === "" ? {} : { device: name });
  // Checked at each start, in half a second; only what was measured is remembered.
  const wrong = await selfCheck(backend);
  const { variant, device, uuid, bus } = backend;
  const about = { kind: "checked", name: device, uuid, bus, variant, wrong };
  if (wrong.length > 0 || threads === "") return { ...about, measured: null };
  const key = checksFile === "" ? "" : checkKey(`cuda, ${variant}`);
  const check = checksFile === "" ? undefined : findCheck(checksFile, key, Date.now());
  const known = check?.measured?.[threads];
  const wish = { name: device, uuid, threads: Number(threads), metered: prefer === "joules" };
  const measured = await knownOrMeasured(known, backend, wish);
  if (checksFile !== "" && measured !== known) {
    const figures = { ...check?.measured, [threads]: measured };
    keepCheck(checksFile, key, { wide: "", narrow: "", checkedMs: Date.now(), measured: figures });
  }
  return { ...about, measured };
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

/**
 * A process that looks at graphics adapters: without an argument it names them, with a name it
 * says whether that one is exact here, and how it does beside the processor where its threads are
 * given. A driver that fails ends this process and nothing else. Arguments: the name, the
 * processor's threads ("": not measured), the file of checks ("": none), "joules" where energy is
 * measured as well.
 */

import { gpuAdapters } from "../adapters/webgpu-engine/index.ts";
import { Fault } from "../contract/outcome.ts";
import { knownOrMeasured } from "./measure-beside.ts";
import { openCheckedGpu } from "./open-checked-gpu.ts";

const [, , name, threads = "", checksFile = "", prefer = "speed"] = process.argv;

async function probe(adapter: string): Promise<object> {
  const { backend, check, keep } = await openCheckedGpu(
    adapter,
    checksFile === "" ? undefined : checksFile,
  );
  const about = { kind: "checked", variant: backend.variant, wrong: [] };
  if (threads === "") return { ...about, measured: null };
  const known = check.measured?.[threads];
  const wish = { name: adapter, threads: Number(threads), metered: prefer === "joules" };
  const measured = await knownOrMeasured(known, backend, wish);
  if (measured !== known) keep({ ...check, measured: { ...check.measured, [threads]: measured } });
  return { ...about, measured };
}

let report: object;
try {
  report =
    name === undefined ? { kind: "adapters", adapters: await gpuAdapters() } : await probe(name);
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  const { ops, reason } = error.facts;
  const why = typeof reason === "string" ? reason : error.message;
  report =
    error.code === "MINER_NOT_EXACT" && typeof ops === "string"
      ? { kind: "checked", variant: name, wrong: [ops] }
      : { kind: "failed", reason: `${error.code}: ${why}`.slice(0, 300) };
}
process.send?.(report, () => process.exit(0));

/**
 * A process that looks at graphics adapters: without an argument it names them, with a name it
 * says whether that one is exact here. A driver that fails ends this process and nothing else.
 */

import { selfCheck } from "../adapters/native-engine/index.ts";
import {
  createWebgpuBackend,
  gpuAdapters,
  openGpu,
  raceProducts,
} from "../adapters/webgpu-engine/index.ts";
import { Fault } from "../contract/outcome.ts";

const [, , name] = process.argv;

async function probe(adapter: string): Promise<object> {
  const device = await openGpu(adapter);
  const { products } = await raceProducts(device, () => performance.now());
  const backend = createWebgpuBackend(device, { products });
  return { kind: "checked", variant: backend.variant, wrong: await selfCheck(backend) };
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

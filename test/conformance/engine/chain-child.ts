/** A process that trains on a graphics adapter and answers with the hash of every step. */
import {
  PLAIN_PRODUCTS,
  createWebgpuBackend,
  openGpu,
} from "../../../src-main/adapters/webgpu-engine/index.ts";
import type { ModelConfig } from "../../../src-main/engine/index.ts";
import { hashChain } from "../../worlds/hash-chain.ts";

const [model, steps] = process.argv.slice(2);

const backend = createWebgpuBackend(await openGpu(), { products: PLAIN_PRODUCTS });
const chain = await hashChain(backend, JSON.parse(model) as ModelConfig, Number(steps));
process.send?.({ variant: backend.variant, chain }, () => process.exit(0));

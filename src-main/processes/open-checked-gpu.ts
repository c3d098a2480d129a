/**
 * Decides when a graphics device may compute: after its kernels raced and every op gave the
 * reference's bytes, now or under the same adapter, driver and program before.
 */

import {
  createWebgpuBackend,
  openGpu,
  productsNamed,
  raceProducts,
} from "../adapters/webgpu-engine/index.ts";
import type { EngineBackend } from "../ports/engine-backend.ts";
import { checkKey, findCheck, keepCheck } from "./engine-checks.ts";
import type { EngineCheck } from "./engine-checks.ts";
import { proveExact } from "./prove-exact.ts";

/** A device that may compute, and how it is remembered. */
export interface CheckedGpu {
  readonly backend: EngineBackend;
  readonly check: EngineCheck;
  /** Remembers something more of it. */
  keep(check: EngineCheck): void;
}

/**
 * Opens a graphics device.
 * @param adapter     its name; the first one where null
 * @param checksFile  where checks are remembered; undefined: nowhere
 * Throws Fault WEBGPU_ENGINE_… and MINER_NOT_EXACT.
 */
export async function openCheckedGpu(
  adapter: string | null,
  checksFile: string | undefined,
): Promise<CheckedGpu> {
  const device = await openGpu(adapter ?? undefined);
  const key = checksFile === undefined ? "" : checkKey(device.traits.identity);
  const keep = (check: EngineCheck): void => {
    if (checksFile !== undefined) keepCheck(checksFile, key, check);
  };
  const known = checksFile === undefined ? undefined : findCheck(checksFile, key, Date.now());
  const remembered = known === undefined ? undefined : productsNamed(device, known);
  if (known !== undefined && remembered !== undefined) {
    return { backend: createWebgpuBackend(device, { products: remembered }), check: known, keep };
  }
  const { products } = await raceProducts(device, () => performance.now());
  const backend = await proveExact(createWebgpuBackend(device, { products }));
  const { wide, narrow } = products;
  const check = { wide: wide.name, narrow: narrow.name, checkedMs: Date.now() };
  keep(check);
  return { backend, check, keep };
}

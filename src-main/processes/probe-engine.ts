/**
 * A process that opens the native engine once and says whether it is exact here. Kernels run
 * outside the daemon, so an illegal instruction ends this process and nothing else.
 */

import { createNativeBackend, nativeBackends, selfCheck } from "../adapters/native-engine/index.ts";
import { Fault } from "../contract/outcome.ts";

const threads = Number(process.argv[2]);

async function probe(): Promise<object> {
  const found = nativeBackends();
  if (!found.available) return { kind: "absent", reason: found.fault.message };
  const backend = createNativeBackend({ threads });
  const wrong = await selfCheck(backend);
  return { kind: "checked", variant: backend.variant, wrong };
}

let report: object;
try {
  report = await probe();
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  report = { kind: "absent", reason: error.message };
}
process.send?.(report, () => process.disconnect());

/**
 * A process that opens the native engine once and says whether it is exact here. Kernels run
 * outside the daemon, so an illegal instruction ends this process and nothing else.
 */

import { createNativeBackend, nativeBackends, selfCheck } from "../adapters/native-engine/index.ts";
import { Fault } from "../contract/outcome.ts";

const threads = Number(process.argv[2]);

async function probe(): Promise<object> {
  const found = nativeBackends();
  if (!found.available) return absent(found.fault);
  const backend = createNativeBackend({ threads });
  const wrong = await selfCheck(backend);
  return { kind: "checked", variant: backend.variant, wrong };
}

function absent({ code, message }: Fault): object {
  // The loader's words begin with the file's path and may be several lines long.
  return { kind: "absent", reason: `${code}: ${message.split("\n")[0].slice(0, 200)}` };
}

let report: object;
try {
  report = await probe();
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  report = absent(error);
}
process.send?.(report, () => process.disconnect());

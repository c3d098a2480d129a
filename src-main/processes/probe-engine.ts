/**
 * A process that opens a compiled engine once and says whether it is exact here: of the native one
 * each level, fastest first, until one is. Kernels run outside the daemon, so an illegal
 * instruction ends this process and nothing else.
 */

import { createNativeBackend, nativeBackends, selfCheck } from "../adapters/native-engine/index.ts";
import { createWasmBackend } from "../adapters/wasm-engine/index.ts";
import { Fault } from "../contract/outcome.ts";
import type { EngineBackend } from "../ports/engine-backend.ts";
import { notExact } from "./prove-exact.ts";

const [, , engine, threads] = process.argv;

/** What can be tried, fastest first, each with the level that opens it again. */
function candidates(): readonly { readonly isa: string | null; open(): EngineBackend }[] {
  if (engine === "wasm") return [{ isa: null, open: () => createWasmBackend() }];
  const found = nativeBackends();
  if (!found.available) throw found.fault;
  return found.levels.toReversed().map((simd) => {
    return { isa: simd, open: () => createNativeBackend({ simd, threads: Number(threads) }) };
  });
}

async function probe(): Promise<object> {
  const refused: string[] = [];
  for (const { isa, open } of candidates()) {
    const backend = open();
    const wrong = await selfCheck(backend);
    if (wrong.length === 0) return { kind: "exact", isa, variant: backend.variant, refused };
    refused.push(`${backend.variant}: ${notExact(wrong)}`);
  }
  return { kind: "absent", reason: refused.join("; ") };
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

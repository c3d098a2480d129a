/**
 * A worker that changes one weight after step 22 and goes on as if nothing had happened. Bit 18:
 * the last bit would vanish in the rounding of a later update now and then.
 */

import { setImmediate } from "node:timers/promises";
import { readDatasetFile } from "../../../../src-main/adapters/datasets/index.ts";
import { systemEntropy } from "../../../../src-main/adapters/host/index.ts";
import { nativeSha256 } from "../../../../src-main/adapters/native-crypto/index.ts";
import { serveWorker } from "../../../../src-main/miner/index.ts";
import type { DeviceChoice } from "../../../../src-main/miner/index.ts";
import type { EngineBackend, EngineSession } from "../../../../src-main/ports/engine-backend.ts";
import { openBackend } from "../../../../src-main/processes/open-backend.ts";
import { openParentPort } from "../../../../src-main/processes/parent-port.ts";
import { workClock } from "../../../../src-main/processes/work-clock.ts";

const PLANTED_STEP = 22;

function tamper(session: EngineSession): EngineSession {
  return {
    upload: (state, values) => session.upload(state, values),
    async run(step, batch) {
      await session.run(step, batch);
      if (step !== PLANTED_STEP) return;
      const weights = await session.download(0);
      new Uint32Array(weights.buffer)[5] ^= 1 << 18;
      await session.upload(0, weights);
    },
    download: (state) => session.download(state),
    output: (output) => session.output(output),
    value: (op) => session.value(op),
    close: () => session.close(),
  };
}

async function openTampered(choice: DeviceChoice): Promise<EngineBackend> {
  const backend = await openBackend(choice);
  return {
    name: backend.name,
    variant: backend.variant,
    open: async (program) => tamper(await backend.open(program)),
  };
}

serveWorker(openParentPort(), {
  hasher: nativeSha256,
  clock: workClock,
  entropy: systemEntropy,
  openBackend: openTampered,
  readDataset: readDatasetFile,
  turn: () => setImmediate(),
});

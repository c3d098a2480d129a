/** A worker process: trains one work unit for the daemon that started it. */

import { setImmediate } from "node:timers/promises";
import { readDatasetFile } from "../adapters/datasets/index.ts";
import { systemClock, systemEntropy } from "../adapters/host/index.ts";
import { nativeSha256, useTreeThreads } from "../adapters/native-crypto/index.ts";
import { serveWorker } from "../miner/index.ts";
import { holdUnitFolder } from "./hold-unit-folder.ts";
import { openBackend, threadsOf } from "./open-backend.ts";
import { openParentPort } from "./parent-port.ts";
import { workClock } from "./work-clock.ts";

/** The unit's folder, once it is this worker's. */
let unitFolder: string | undefined;

serveWorker(openParentPort(), {
  hasher: nativeSha256,
  clock: workClock,
  entropy: systemEntropy,
  openBackend: (choice) => {
    useTreeThreads(threadsOf(choice));
    return openBackend(choice, unitFolder);
  },
  readDataset: readDatasetFile,
  holdUnitFolder: async (path) => {
    await holdUnitFolder(path);
    unitFolder = path;
  },
  turn: () => setImmediate(),
  after: (delayMs, call) => systemClock.after(delayMs, call),
});

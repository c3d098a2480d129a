/** A verifier process: replays drawn segments of one work unit for the daemon that started it. */

import { readDatasetFile } from "../adapters/datasets/index.ts";
import { nativeSha256, useTreeThreads } from "../adapters/native-crypto/index.ts";
import { serveVerifier } from "../miner/index.ts";
import { openBackend, threadsOf } from "./open-backend.ts";
import { openParentPort } from "./parent-port.ts";
import { workClock } from "./work-clock.ts";

serveVerifier(openParentPort(), {
  hasher: nativeSha256,
  clock: workClock,
  openBackend: (choice) => {
    useTreeThreads(threadsOf(choice));
    return openBackend(choice);
  },
  readDataset: readDatasetFile,
});

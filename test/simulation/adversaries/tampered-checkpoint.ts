/** A worker that changes one bit of a state it hands out, after it has published its root. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkpointName } from "../../../src-main/miner/index.ts";
import { serveCheatingWorker } from "../cheating-worker.ts";

serveCheatingWorker({
  publish(result, { unitFolder }) {
    const path = join(unitFolder, checkpointName(4));
    const bytes = readFileSync(path);
    bytes[bytes.length - 2] ^= 1;
    writeFileSync(path, bytes);
    return result;
  },
});

/** A worker that does not hand out a state whose root it has published. */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { checkpointName } from "../../../src-main/miner/index.ts";
import { serveCheatingWorker } from "../cheating-worker.ts";

serveCheatingWorker({
  publish(result, { unitFolder }) {
    rmSync(join(unitFolder, checkpointName(4)));
    return result;
  },
});

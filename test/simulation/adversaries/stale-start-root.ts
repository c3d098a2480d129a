/** A worker that goes on from the start of an older job, whose seed was another. */

import { chained, serveCheatingWorker } from "../cheating-worker.ts";

serveCheatingWorker({
  train: (spec) => ({ ...spec, seed: new Uint8Array(32).fill(77) }),
  publish: chained,
});

/** A worker that trains on half of the samples, over and over, and says so in its digests. */

import { chained, serveCheatingWorker } from "../cheating-worker.ts";

serveCheatingWorker({
  train: (spec) => ({ ...spec, trainCount: Math.floor(spec.trainCount / 2) }),
  publish: chained,
});

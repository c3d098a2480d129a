/**
 * A worker that runs half of the steps and fills the list up: the last state again and again,
 * with the right batch digests, which need no training.
 */

import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { readDatasetFile } from "../../../src-main/adapters/datasets/index.ts";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { segmentCount } from "../../../src-main/learning/index.ts";
import { checkpointName } from "../../../src-main/miner/index.ts";
import { openBatchSource } from "../../../src-main/miner/training/batch-source.ts";
import { SegmentTape } from "../../../src-main/miner/training/segment-tape.ts";
import { chained, serveCheatingWorker } from "../cheating-worker.ts";

serveCheatingWorker({
  train: (spec) => ({ ...spec, steps: spec.steps / 2 }),
  publish(result, start, spec) {
    const batches = openBatchSource(nativeSha256, spec, readDatasetFile(start.datasetPath));
    const { stateRoot } = result.list[result.list.length - 1];
    const [list, inners] = [[...result.list], [...result.inners]];
    const file = (segment: number) => join(start.unitFolder, checkpointName(segment));
    for (let segment = list.length; segment < segmentCount(spec); segment += 1) {
      const tape = new SegmentTape(spec, segment);
      while (tape.next <= tape.last) tape.add(batches.batch(tape.next), new Float32Array(1));
      const { batchDigest, innerDigest } = tape.finish(nativeSha256, start.unit);
      list.push({ stateRoot, batchDigest });
      inners.push(innerDigest);
      copyFileSync(file(segment - 1), file(segment));
    }
    return chained({ ...result, list, inners }, start, spec);
  },
});

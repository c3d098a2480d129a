/** A worker that runs half of the steps and publishes a list that is as short. */

import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { serveCheatingWorker } from "../cheating-worker.ts";

serveCheatingWorker({
  train: (spec) => ({ ...spec, steps: spec.steps / 2 }),
  publish: (result) => ({ ...result, inners: [...result.inners, ...result.inners.map(hashed)] }),
});

function hashed(inner: Uint8Array): Uint8Array {
  return nativeSha256(inner);
}

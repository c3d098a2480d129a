/**
 * A worker that has everything that can be copied of the right work, list and states, but not the
 * inner digests, which only whoever ran the steps has: it makes them up.
 */

import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { serveCheatingWorker } from "../cheating-worker.ts";

serveCheatingWorker({
  publish: (result) => ({ ...result, inners: result.inners.map((inner) => nativeSha256(inner)) }),
});

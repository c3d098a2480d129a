/**
 * A worker that changes one weight after step 22 and goes on as if nothing had happened. Bit 18:
 * the last bit would vanish in the rounding of a later update now and then.
 */

import { serveCheatingWorker } from "../cheating-worker.ts";

const STEP = 22;

serveCheatingWorker({
  session: (session) => ({
    upload: (state, values) => session.upload(state, values),
    async run(step, batch) {
      await session.run(step, batch);
      if (step !== STEP) return;
      const weights = await session.download(0);
      new Uint32Array(weights.buffer)[5] ^= 1 << 18;
      await session.upload(0, weights);
    },
    download: (state) => session.download(state),
    output: (output) => session.output(output),
    value: (op) => session.value(op),
    close: () => session.close(),
  }),
});

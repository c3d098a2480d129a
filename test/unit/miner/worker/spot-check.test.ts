import { describe, expect, it } from "vitest";
import { DIGITS_TINY, ReferenceBackend } from "../../../../src-main/engine/index.ts";
import {
  compileTraining,
  encodeProgram,
  initialStates,
} from "../../../../src-main/engine/index.ts";
import { SpotCheck } from "../../../../src-main/miner/worker/spot-check.ts";
import type { EngineSession } from "../../../../src-main/ports/engine-backend.ts";

const compiled = compileTraining({ ...DIGITS_TINY, batchSize: 2 });
if (!compiled.ok) throw new Error("the model compiles");
const program = compiled.value;
const bytes = Uint8Array.from({ length: 2 * 785 }, (_, at) =>
  at % 785 === 784 ? 3 : (7 * at) % 256,
);
const batch = { bytes, leafHashes: new Uint8Array(64), labels: Uint16Array.of(3, 3) };

/** Draws every op in turn; elements come from a small generator. */
function entropyFor(op: number) {
  let state = op + 1;
  let draws = 0;
  return {
    bytes: (count: number) => {
      draws += 1;
      state = (Math.imul(state, 48271) >>> 0) % 2147483647;
      const value = draws === 1 ? op : state;
      return Uint8Array.from({ length: count }, (_, at) =>
        at < count - 4 ? 0 : (value >>> (8 * (count - 1 - at))) & 255,
      );
    },
  };
}

async function session(): Promise<EngineSession> {
  const opened = await new ReferenceBackend().open(encodeProgram(program));
  const states = initialStates(new Uint8Array(32).fill(5), program);
  for (const [state, values] of states.entries()) await opened.upload(state, values);
  return opened;
}

/** A device whose op `wrong` gives every element one bit off. */
function inexact(inner: EngineSession, wrong: number): EngineSession {
  return {
    upload: (state, values) => inner.upload(state, values),
    run: (step, given) => inner.run(step, given),
    download: (state) => inner.download(state),
    output: (output) => inner.output(output),
    async value(op) {
      const values = await inner.value(op);
      if (op !== wrong) return values;
      const bits = new Uint32Array(values.buffer);
      for (let at = 0; at < bits.length; at += 1) bits[at] ^= 1;
      return values;
    },
    close: () => inner.close(),
  };
}

async function check(device: EngineSession, op: number): Promise<void> {
  const spot = new SpotCheck(program, entropyFor(op));
  await spot.prepare(device);
  await device.run(1, batch.bytes);
  await spot.verify(device, 1, batch);
}

describe("miner/worker/spot-check", () => {
  it("finds nothing wrong in any op of an exact device", async () => {
    for (const op of program.ops.keys()) await check(await session(), op);
  });

  it("stops a device that is one bit off, in whichever op it is", async () => {
    for (const [op, { op: name }] of program.ops.entries()) {
      const device = inexact(await session(), op);
      await expect(check(device, op), name).rejects.toMatchObject({
        code: "MINER_NOT_EXACT",
        facts: { name, op, step: 1 },
      });
    }
  });
});

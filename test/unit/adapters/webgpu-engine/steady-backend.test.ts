import { describe, expect, it } from "vitest";
import { steadyBackend } from "../../../../src-main/adapters/webgpu-engine/steady-backend.ts";
import { Fault } from "../../../../src-main/contract/outcome.ts";
import { ReferenceBackend, encodeProgram } from "../../../../src-main/engine/index.ts";
import { noteOutputs } from "../../../../src-main/miner/training/step-outputs.ts";
import type { ReadOutputs } from "../../../../src-main/miner/training/step-outputs.ts";
import type { EngineBackend, EngineSession } from "../../../../src-main/ports/engine-backend.ts";

/** x ← x + batch's label, y ← x before it; the sum is the output. */
const PROGRAM = encodeProgram({
  states: [
    { name: "x", shape: [1, 2], initialiser: { kind: "zeros" } },
    { name: "y", shape: [1, 2], initialiser: { kind: "zeros" } },
  ],
  ops: [
    { op: "load", inputs: [], attributes: [2], shape: [1, 2] },
    {
      op: "add",
      inputs: [
        { from: "state", index: 0 },
        { from: "op", index: 0 },
      ],
      attributes: [],
      shape: [1, 2],
    },
  ],
  updates: [
    { state: 0, value: { from: "op", index: 1 } },
    { state: 1, value: { from: "state", index: 0 } },
  ],
  outputs: [{ name: "sum", value: { from: "op", index: 1 } }],
});

const lost = (): Promise<never> =>
  Promise.reject(new Fault("WEBGPU_ENGINE_LOST", "planted", { device: "test" }));

/** The reference, lost for good once it has answered `answers` calls. */
function mortal(variant: string, answers: number, code?: string): EngineBackend {
  const reference = new ReferenceBackend();
  let left = answers;
  const may = async <T>(work: () => Promise<T>): Promise<T> => {
    left -= 1;
    if (left < 0 && code !== undefined) throw new Fault(code, "planted");
    return left < 0 ? lost() : work();
  };
  const open = async (bytes: Uint8Array): Promise<EngineSession> => {
    const session = await may(() => reference.open(bytes));
    return {
      upload: (state, values) => may(() => session.upload(state, values)),
      run: (step, batch) => may(() => session.run(step, batch)),
      download: (state) => may(() => session.download(state)),
      output: (output) => may(() => session.output(output)),
      value: (op) => may(() => session.value(op)),
      later: (outputs) => {
        const kept = Promise.all(outputs.map((output) => session.output(output)));
        return () => may(() => kept);
      },
      close: () => session.close(),
    };
  };
  return { name: "webgpu", variant, open };
}

const opener = (backend: EngineBackend) => () => Promise.resolve(backend);

/** Some steps with downloads between; everything that was seen on the way. */
async function seenOn(backend: EngineBackend): Promise<readonly number[]> {
  const session = await backend.open(PROGRAM);
  await session.upload(0, Float32Array.of(1, 2));
  await session.upload(1, Float32Array.of(0, 0));
  const seen: number[] = [];
  for (let step = 1; step <= 6; step += 1) {
    await session.run(step, Uint8Array.of(step, 10 * step));
    seen.push(...(await session.output(0)));
    if (step % 2 === 1) continue;
    for (const state of [0, 1]) seen.push(...(await session.download(state)));
    seen.push(...(await session.value(1)));
  }
  session.close();
  return seen;
}

/** Outputs as a worker reads them: each while the next step is at work. */
async function seenLater(backend: EngineBackend): Promise<readonly number[]> {
  const session = await backend.open(PROGRAM);
  for (const state of [0, 1]) await session.upload(state, Float32Array.of(state, 2));
  const seen: number[] = [];
  let read: ReadOutputs | undefined;
  for (let step = 1; step <= 6; step += 1) {
    await session.run(step, Uint8Array.of(step, 10 * step));
    seen.push(...((await read?.())?.[0] ?? []));
    read = await noteOutputs(session, [0]);
    if (step === 4) for (const state of [0, 1]) seen.push(...(await session.download(state)));
  }
  seen.push(...((await read?.())?.[0] ?? []));
  session.close();
  return seen;
}

describe("steady-backend", () => {
  it("shows what was noted of a step, also where the next one lost the device", async () => {
    const expected = await seenLater(new ReferenceBackend());
    expect(expected).toHaveLength(16);
    // 1 open, 2 uploads, 6 runs, 6 noted outputs, 2 downloads.
    for (let answers = 0; answers <= 17; answers += 1) {
      const devices = [mortal("first", answers), mortal("second", 40)];
      const backend = await steadyBackend(devices.map(opener));
      expect(await seenLater(backend), `lost after ${answers} calls`).toEqual(expected);
      expect(backend.variant).toBe(answers < 17 ? "second" : "first");
    }
  });

  it("shows the same whichever call a device is lost at", async () => {
    const expected = await seenOn(new ReferenceBackend());
    // 1 open, 2 uploads, 6 runs, 6 outputs and 3 times 3 reads.
    for (let answers = 0; answers <= 24; answers += 1) {
      const moves: string[] = [];
      const backend = await steadyBackend(
        [opener(mortal("first", answers)), opener(new ReferenceBackend())],
        ({ from, to }) => moves.push(`${from} > ${to}`),
      );
      expect(await seenOn(backend), `lost after ${answers} calls`).toEqual(expected);
      const moved = ["webgpu, first > reference, plain TypeScript, 1 thread"];
      expect(moves).toEqual(answers < 24 ? moved : []);
    }
  });

  it("asks a device for several values at once where it gives them so", async () => {
    const reference = new ReferenceBackend();
    const asked: (readonly number[])[] = [];
    const open = async (bytes: Uint8Array): Promise<EngineSession> => {
      const session = await reference.open(bytes);
      const values = (ops: readonly number[]) => {
        asked.push(ops);
        return Promise.all(ops.map((op) => session.value(op)));
      };
      return Object.assign(session, { values });
    };
    const together = { name: "webgpu", variant: "together", open };
    const seen: unknown[] = [];
    for (const first of [together, mortal("one by one", 40)]) {
      const backend = await steadyBackend([opener(first)]);
      const session = await backend.open(PROGRAM);
      for (const state of [0, 1]) await session.upload(state, Float32Array.of(state, 2));
      await session.run(1, Uint8Array.of(1, 10));
      seen.push(await session.values?.([1, 0]));
    }
    expect(asked).toEqual([[1, 0]]);
    expect(seen[0]).toEqual(seen[1]);
  });

  it("goes through several devices, also one that is lost while it catches up", async () => {
    const devices = [mortal("a", 9), mortal("b", 4), mortal("c", 30)];
    const backend = await steadyBackend(devices.map(opener));
    expect(await seenOn(backend)).toEqual(await seenOn(new ReferenceBackend()));
    expect(backend.variant).toBe("c");
  });

  it("passes over a device that does not open or is not exact", async () => {
    const refused = (code: string) => () => Promise.reject(new Fault(code, "planted"));
    const backend = await steadyBackend([
      refused("WEBGPU_ENGINE_ABSENT"),
      refused("MINER_NOT_EXACT"),
      opener(new ReferenceBackend()),
    ]);
    expect(backend.name).toBe("reference");
  });

  it("gives up with the device's fault where no other is left", async () => {
    const backend = await steadyBackend([opener(mortal("only", 4))]);
    await expect(seenOn(backend)).rejects.toMatchObject({ code: "WEBGPU_ENGINE_LOST" });
    await expect(steadyBackend([])).rejects.toMatchObject({ code: "WEBGPU_ENGINE_ABSENT" });
  });

  it("does not move for what is the caller's fault", async () => {
    const only = mortal("first", 3, "ENGINE_NUMBER");
    const backend = await steadyBackend([opener(only), opener(new ReferenceBackend())]);
    await expect(seenOn(backend)).rejects.toMatchObject({ code: "ENGINE_NUMBER" });
    expect(backend.variant).toBe("first");
  });
});

import { describe, expect, it } from "vitest";
import { checkCase, selfCheck } from "../../../../src-main/adapters/native-engine/index.ts";
import { createWasmBackend } from "../../../../src-main/adapters/wasm-engine/wasm-backend.ts";
import { Fault } from "../../../../src-main/contract/outcome.ts";
import { encodeProgram } from "../../../../src-main/engine/index.ts";

const rejectionOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof Fault ? error.code : error),
  );

const backend = createWasmBackend();

describe("wasm-backend", () => {
  it("names itself and is exact in every op", async () => {
    expect([backend.name, backend.variant]).toEqual(["wasm", "128-bit vectors, 1 thread"]);
    expect(await selfCheck(backend)).toEqual([]);
  });

  it("refuses program bytes with the engine's code", async () => {
    expect(await rejectionOf(backend.open(new Uint8Array(3)))).toMatch(/^CODEC_/u);
  });

  it("refuses a program above the session's memory", async () => {
    const { programBytes } = checkCase("add", 3, 4_096);
    const small = createWasmBackend({ memoryBytesMax: 1_000 });
    expect(await rejectionOf(small.open(programBytes))).toBe("ENGINE_LIMIT");
  });

  it("refuses a batch that leaves no memory for anything else", async () => {
    const load = { op: "load", inputs: [], attributes: [1], shape: [2 ** 18, 1_024] };
    const outputs = [{ name: "x", value: { from: "op", index: 0 } as const }];
    const program = encodeProgram({ states: [], ops: [load], updates: [], outputs });
    const small = createWasmBackend({ memoryBytesMax: 2 ** 30 });
    expect(await rejectionOf(small.open(program))).toBe("ENGINE_LIMIT");
  });

  it("refuses a product whose scratch is beyond what 32 bits can count", async () => {
    const zeros = { kind: "zeros" } as const;
    const state = (index: number) => ({ from: "state", index }) as const;
    // Rows are padded to 128 bytes each: 2^28 · 128 bytes would wrap around to nothing.
    const [rows, columns] = [2 ** 28, 1];
    const program = encodeProgram({
      states: [
        { name: "a", shape: [rows, 1], initialiser: zeros },
        { name: "b", shape: [1, columns], initialiser: zeros },
      ],
      ops: [
        { op: "load", inputs: [], attributes: [0], shape: [1, 2] },
        { op: "matmul", inputs: [state(0), state(1)], attributes: [0], shape: [rows, columns] },
      ],
      updates: [],
      outputs: [{ name: "c", value: { from: "op", index: 1 } }],
    });
    expect(await rejectionOf(backend.open(program))).toBe("ENGINE_LIMIT");
  });

  it("copies a state into memory it is given, of its own size only", async () => {
    const { programBytes, states } = checkCase("add", 3, 4);
    const session = await backend.open(programBytes);
    await session.upload(0, states[0]);
    const into = new Float32Array(states[0].length);
    expect(await session.download(0, into)).toBe(into);
    expect(into).toEqual(states[0]);
    const short = new Float32Array(into.length - 1);
    expect(await rejectionOf(session.download(0, short))).toBe("ENGINE_SHAPE");
    session.close();
  });

  it("refuses states and batches of another size and numbers that are not canonical", async () => {
    const check = checkCase("relu", 5, 50);
    const session = await backend.open(check.programBytes);
    const count = check.states[0].length;
    const codes = [
      await rejectionOf(session.upload(0, new Float32Array(count + 1))),
      await rejectionOf(session.upload(7, new Float32Array(count))),
      await rejectionOf(session.upload(0, new Float32Array(count).fill(NaN))),
      await rejectionOf(session.upload(0, new Float32Array(count).fill(-0))),
      await rejectionOf(session.run(1, new Uint8Array(3))),
      await rejectionOf(session.run(0, new Uint8Array(2))),
      await rejectionOf(session.value(0)),
    ];
    expect(codes).toEqual([
      "ENGINE_SHAPE",
      "ENGINE_REFERENCE",
      "ENGINE_NUMBER",
      "ENGINE_NUMBER",
      "ENGINE_SHAPE",
      "ENGINE_PROGRAM",
      "ENGINE_REFERENCE",
    ]);
    await session.run(1, new Uint8Array(2));
    expect(await rejectionOf(session.value(9))).toBe("ENGINE_REFERENCE");
    expect(await rejectionOf(session.output(9))).toBe("ENGINE_REFERENCE");
    session.close();
    expect(await rejectionOf(session.run(1, new Uint8Array(2)))).toBe("ENGINE_PROGRAM");
  });

  it("keeps sessions apart", async () => {
    const check = checkCase("relu", 5, 50);
    const [one, two] = [
      await backend.open(check.programBytes),
      await backend.open(check.programBytes),
    ];
    await one.upload(0, check.states[0]);
    expect(await one.download(0)).toEqual(check.states[0]);
    expect((await two.download(0)).every((value) => value === 0)).toBe(true);
    one.close();
    two.close();
  });
});

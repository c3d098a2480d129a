import { describe, expect, it } from "vitest";
import { compileTraining } from "../../../../src-main/engine/compile.ts";
import { ProgramBuilder } from "../../../../src-main/engine/program/builder.ts";
import { encodeProgram } from "../../../../src-main/engine/program/wire.ts";
import { evaluateOpElement } from "../../../../src-main/engine/reference/evaluate.ts";
import { ReferenceBackend } from "../../../../src-main/engine/reference/reference-backend.ts";
import { initialStates } from "../../../../src-main/engine/random/initialise.ts";
import { bitsOf } from "../../../generators/canonical-numbers.ts";

/** Two counters that swap and grow: a becomes b, b becomes a + 1. */
function swapping(): Uint8Array {
  const builder = new ProgramBuilder();
  builder.op("load", [], [0], [1, 2]);
  const a = builder.state("a", [1], { kind: "zeros" });
  const b = builder.state("b", [1], { kind: "zeros" });
  const grown = builder.op("add", [a, builder.filled(1, [1])]);
  builder.update(a, b);
  builder.update(b, grown);
  builder.output("grown", grown);
  return encodeProgram(builder.finish());
}

describe("ReferenceBackend", () => {
  it("makes all updates at once, from the values before the step", async () => {
    const session = await new ReferenceBackend().open(swapping());
    await session.upload(0, Float32Array.of(5));
    await session.upload(1, Float32Array.of(70));
    await session.run(1, new Uint8Array(2));
    expect(await session.download(0)).toEqual(Float32Array.of(70));
    expect(await session.download(1)).toEqual(Float32Array.of(6));
    expect(await session.output(0)).toEqual(Float32Array.of(6));
    session.close();
  });

  it("hands out copies", async () => {
    const session = await new ReferenceBackend().open(swapping());
    const given = Float32Array.of(5);
    await session.upload(0, given);
    given[0] = 9;
    (await session.download(0))[0] = 8;
    expect(await session.download(0)).toEqual(Float32Array.of(5));
  });

  it("faults on a refused program, a NaN and a batch of another size", async () => {
    const backend = new ReferenceBackend();
    await expect(backend.open(Uint8Array.of(1, 2))).rejects.toMatchObject({
      code: "CODEC_TRUNCATED",
    });
    const session = await backend.open(swapping());
    await expect(session.upload(0, Float32Array.of(Number.NaN))).rejects.toMatchObject({
      code: "ENGINE_NUMBER",
    });
    await expect(session.run(1, new Uint8Array(3))).rejects.toMatchObject({ code: "ENGINE_SHAPE" });
  });

  it("computes every element of a step alone with equal bits", async () => {
    const compiled = compileTraining({
      input: { height: 4, width: 4, channels: 1 },
      classes: 2,
      batchSize: 3,
      layers: [
        { type: "conv2d", filters: 2, kernel: 3, activation: "relu" },
        { type: "max-pool", size: 2 },
        { type: "flatten" },
        { type: "dense", units: 2, activation: "none" },
      ],
      loss: "softmax-cross-entropy",
      optimizer: { type: "sgd-momentum", momentum: 0.9, schedule: [{ step: 1, rate: 0.1 }] },
    });
    if (!compiled.ok) throw new Error(compiled.rejection.code);
    const program = compiled.value;
    const states = initialStates(new Uint8Array(32), program);
    const session = await new ReferenceBackend().open(encodeProgram(program));
    for (const [index, values] of states.entries()) await session.upload(index, values);
    const batch = Uint8Array.from({ length: 51 }, (_, at) =>
      at % 17 === 16 ? 1 : (at * 37) % 256,
    );
    await session.run(1, batch);
    const values = await Promise.all(program.ops.map((_, op) => session.value(op)));
    for (const [op, whole] of values.entries()) {
      const alone = whole.map((_, element) =>
        evaluateOpElement(program, op, element, { step: 1, batch }, ({ from, index }) =>
          from === "state" ? states[index] : values[index],
        ),
      );
      expect(bitsOf(alone)).toEqual(bitsOf(whole));
    }
  });
});

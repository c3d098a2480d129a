import { describe, expect, it } from "vitest";
import { createNativeBackend } from "../../../src-main/adapters/native-engine/index.ts";
import { attributeOf, checkRandom } from "../../../src-main/adapters/native-engine/check-random.ts";
import type { CheckRandom } from "../../../src-main/adapters/native-engine/check-random.ts";
import { elementCount, encodeProgram } from "../../../src-main/engine/index.ts";
import type { OpRecord, Program, Shape, ValueRef } from "../../../src-main/engine/index.ts";
import type { EngineBackend } from "../../../src-main/ports/engine-backend.ts";
import { allValues, differencesOfVariants, nativeVariants } from "./cases.ts";

/** Programs drawn; each runs two steps on every variant. */
const PROGRAMS = process.env["VIVIAN_FULL"] === "1" ? 600 : 60;

const BINARY = ["add", "sub", "mul", "div"] as const;
const UNARY = ["sqrt", "exp", "log", "relu", "gelu", "sigmoid", "tanh", "erf"] as const;
const OF_TWO_EQUAL = ["relu-gradient", "gelu-gradient"] as const;
const REDUCTIONS = ["sum", "mean", "max"] as const;

interface Value {
  readonly ref: ValueRef;
  readonly shape: Shape;
}

/** A program whose values meet as rows, columns and single numbers, and products of transposes. */
class ChainWriter {
  readonly #random: CheckRandom;
  readonly #full: Shape;
  readonly #ops: OpRecord[] = [{ op: "load", inputs: [], attributes: [0], shape: [1, 2] }];
  readonly states: readonly Shape[];
  readonly #values: Value[];

  constructor(random: CheckRandom) {
    this.#random = random;
    const [rows, width] = [random.pick([2, 3, 17, 40, 130]), random.pick([2, 5, 16, 33, 70])];
    this.#full = [rows, width];
    this.states = [this.#full, this.#full, [rows, 1], [1, width], [1, 1], [width]];
    this.#values = this.states.slice(0, 5).map((shape, index) => {
      return { ref: { from: "state", index }, shape };
    });
  }

  #append(op: string, inputs: readonly Value[], attributes: readonly number[], shape: Shape) {
    this.#ops.push({ op, inputs: inputs.map(({ ref }) => ref), attributes, shape });
    const value: Value = { ref: { from: "op", index: this.#ops.length - 1 }, shape };
    return value;
  }

  #drawn(shape?: Shape): Value {
    const fitting = this.#values.filter((value) => {
      return shape === undefined || shape.every((dim, d) => value.shape[d] === dim);
    });
    // A recent value more often than an old one, so that chains become long.
    return fitting[fitting.length - 1 - Math.min(fitting.length - 1, this.#random.below(4))];
  }

  step(): void {
    const random = this.#random;
    switch (random.below(9)) {
      case 0:
        this.#values.push(this.#reduced(this.#drawn(this.#full)));
        return;
      case 1: {
        const x = this.#drawn();
        this.#values.push(this.#append(random.pick(UNARY), [x], [], x.shape));
        return;
      }
      case 2: {
        const x = this.#drawn();
        const inputs = [x, this.#drawn(x.shape)];
        this.#values.push(this.#append(random.pick(OF_TWO_EQUAL), inputs, [], x.shape));
        return;
      }
      case 3: {
        const column: Value = { ref: { from: "state", index: 5 }, shape: this.states[5] };
        const x = this.#drawn(this.#full);
        this.#values.push(this.#append("bias", [x, column], [], x.shape));
        return;
      }
      case 4: {
        const attributes = [random.between(-2, 5), attributeOf(random.tensor(1)[0])];
        this.#values.push(
          this.#append("causal-mask", [this.#drawn(this.#full)], attributes, this.#full),
        );
        return;
      }
      case 5: {
        const x = this.#drawn();
        const flat = this.#append("reshape", [x], [], [elementCount(x.shape)]);
        this.#values.push(this.#append("reshape", [flat], [], x.shape));
        return;
      }
      default: {
        const [a, b] = [this.#drawn(), this.#drawn()];
        const shape = a.shape.map((dim, d) => Math.max(dim, b.shape[d]));
        this.#values.push(this.#append(random.pick(BINARY), [a, b], [], shape));
      }
    }
  }

  #reduced(x: Value): Value {
    const axis = this.#random.below(3) === 0 ? 0 : 1;
    const shape = x.shape.map((dim, d) => (d === axis ? 1 : dim));
    return this.#append(this.#random.pick(REDUCTIONS), [x], [axis], shape);
  }

  /** Aᵀ·B and A·Bᵀ of two values; the second product's operand is used elsewhere too. */
  #products(): readonly Value[] {
    const [rows, width] = this.#full;
    const [a, b] = [this.#drawn(this.#full), this.#drawn(this.#full)];
    const turned = this.#append("transpose", [a], [1, 0], [width, rows]);
    const other = this.#append("transpose", [b], [1, 0], [width, rows]);
    const profile = () => [this.#random.below(3)];
    return [
      this.#append("matmul", [turned, b], profile(), [width, width]),
      this.#append("matmul", [a, other], profile(), [rows, rows]),
      this.#append("relu", [other], [], [width, rows]),
    ];
  }

  finish(): Program {
    const shown = [...this.#products(), ...this.#values.filter(({ ref }) => ref.from === "op")];
    const outputs = shown.slice(0, 3).concat(shown.slice(-3));
    const update = this.#drawn(this.#full);
    return {
      states: this.states.map((shape, index) => {
        return { name: `state ${index}`, shape, initialiser: { kind: "zeros" } };
      }),
      ops: this.#ops,
      updates: [
        { state: 0, value: update.ref },
        { state: 1, value: { from: "state", index: 0 } },
      ],
      outputs: outputs.map(({ ref }, index) => ({ name: `value ${index}`, value: ref })),
    };
  }
}

function chainCase(seed: number) {
  const random = checkRandom(seed);
  const writer = new ChainWriter(random);
  for (let step = random.between(4, 30); step > 0; step -= 1) writer.step();
  const program = writer.finish();
  return { program, states: program.states.map(({ shape }) => random.tensor(elementCount(shape))) };
}

/** Outputs and states after each of two steps, then every op's value in the second. */
async function resultsOf(
  backend: EngineBackend,
  { program, states }: ReturnType<typeof chainCase>,
) {
  const session = await backend.open(encodeProgram(program));
  for (const [index, values] of states.entries()) await session.upload(index, values);
  const found: Float32Array[] = [];
  for (const step of [1, 2]) {
    await session.run(step, new Uint8Array(2));
    for (const index of program.outputs.keys()) found.push(await session.output(index));
    for (const index of program.states.keys()) found.push(await session.download(index));
  }
  found.push(...(await allValues(session, program)));
  session.close();
  return found;
}

describe("chains of ops that run in one pass", () => {
  it(`give the reference's bytes, ${PROGRAMS} programs on every variant`, async () => {
    const differences: string[] = [];
    for (let seed = 1; seed <= PROGRAMS; seed += 1) {
      const one = chainCase(seed);
      const results = (backend: EngineBackend) => resultsOf(backend, one);
      differences.push(...(await differencesOfVariants(`program ${seed}`, results)));
    }
    expect(differences).toEqual([]);
  });

  it.skipIf(nativeVariants.length === 0)("are found where ops follow each other", async () => {
    const lengths: number[] = [];
    for (let seed = 1; seed <= PROGRAMS; seed += 1) {
      const { program, states } = chainCase(seed);
      const session = await createNativeBackend({ threads: 1 }).open(encodeProgram(program));
      for (const [index, values] of states.entries()) await session.upload(index, values);
      const names = session.profiledRun(1, new Uint8Array(2)).map(({ op }) => op);
      lengths.push(...names.map((name) => Number(/\((\d+) ops\)$/.exec(name)?.[1] ?? 1)));
      expect(names).not.toContain("reshape");
      session.close();
    }
    expect(Math.max(...lengths)).toBeGreaterThan(8);
  });
});

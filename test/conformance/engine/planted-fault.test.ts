import { describe, expect, it } from "vitest";
import { selfCheck } from "../../../src-main/adapters/native-engine/index.ts";
import { ReferenceBackend } from "../../../src-main/engine/index.ts";
import type { EngineBackend, EngineSession } from "../../../src-main/ports/engine-backend.ts";
import { differences, nativeVariants } from "./cases.ts";

/** A backend that is exact except for one bit of one element of one op's value. */
class OneBitWrong implements EngineBackend {
  readonly name = "one-bit-wrong";
  readonly variant: string;
  readonly #inner: EngineBackend;
  readonly #wrongOp: string;

  constructor(inner: EngineBackend, wrongOp: string) {
    this.variant = `${inner.variant}, one bit wrong in ${wrongOp}`;
    this.#inner = inner;
    this.#wrongOp = wrongOp;
  }

  async open(programBytes: Uint8Array): Promise<EngineSession> {
    const session = await this.#inner.open(programBytes);
    // Program bytes hold op names as text.
    const isWrong = new TextDecoder("latin1").decode(programBytes).includes(this.#wrongOp);
    return {
      upload: (state, values) => session.upload(state, values),
      run: (step, batch) => session.run(step, batch),
      download: (state) => session.download(state),
      value: (op) => session.value(op),
      output: async (output) => {
        const values = await session.output(output);
        const bits = new Uint32Array(values.buffer);
        if (isWrong) bits[bits.length - 1] ^= 1;
        return values;
      },
      close: () => session.close(),
    };
  }
}

const honest = [new ReferenceBackend(), ...nativeVariants];

describe("the comparison of backends", () => {
  it.each(honest.map((backend) => [`${backend.name} ${backend.variant}`, backend] as const))(
    "finds one wrong bit planted into %s",
    async (_name, backend) => {
      expect(await differences(backend, "matmul", 3)).toEqual([]);
      expect(await differences(new OneBitWrong(backend, "matmul"), "matmul", 3)).toHaveLength(3);
    },
  );

  it("lets the start-up check name the op that is not exact here", async () => {
    const backend = honest[honest.length - 1];
    expect(await selfCheck(backend)).toEqual([]);
    expect(await selfCheck(new OneBitWrong(backend, "conv2d-gradient-input"))).toEqual([
      "conv2d-gradient-input",
    ]);
  });
});

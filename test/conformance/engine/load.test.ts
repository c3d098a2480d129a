import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hexToBytes } from "../../../src-main/contract/bytes.ts";
import { ENCODING, ReferenceBackend, encodeProgram } from "../../../src-main/engine/index.ts";
import { bitsOf } from "../../generators/canonical-numbers.ts";
import { conformanceOf, nativeVariants } from "./cases.ts";

conformanceOf("load");

const url = new URL("../../vectors/load/encoding-1.json", import.meta.url);
const cases = JSON.parse(readFileSync(url, "utf8")) as { sample: string; values: string[] }[];

/** A program that only loads one sample of four features, encoding 1. */
const programBytes = encodeProgram({
  states: [],
  ops: [{ op: "load", inputs: [], attributes: [ENCODING.floats], shape: [1, 5] }],
  updates: [],
  outputs: [{ name: "value", value: { from: "op", index: 0 } }],
});

const backends = [new ReferenceBackend(), ...nativeVariants];

describe("samples of f32 features", () => {
  it.each(backends.map((backend) => [`${backend.name} ${backend.variant}`, backend] as const))(
    "have the vectors' values and are refused when not finite on %s",
    async (_name, backend) => {
      const session = await backend.open(programBytes);
      for (const { sample, values } of cases) {
        await session.run(1, hexToBytes(sample));
        expect(bitsOf(await session.output(0))).toEqual(values);
      }
      const before = bitsOf(await session.output(0));
      for (const hex of ["0000807f", "000080ff", "0000c07f", "010080ff"]) {
        const sample = hexToBytes(`0000803f0000003f${hex}0000000007`);
        await expect(session.run(1, sample)).rejects.toMatchObject({ code: "ENGINE_NUMBER" });
      }
      await expect(session.run(1, new Uint8Array(5))).rejects.toMatchObject({
        code: "ENGINE_SHAPE",
      });
      expect(bitsOf(await session.output(0))).toEqual(before);
      session.close();
    },
  );
});

import { describe, expect, it } from "vitest";
import { decode, encode } from "../../../src-main/codec/codec.ts";
import type { Codec } from "../../../src-main/codec/codec.ts";
import { u16 } from "../../../src-main/codec/scalars.ts";

describe("codec/codec", () => {
  it("refuses trailing bytes and says how many", () => {
    expect(decode(u16, new Uint8Array([1, 0, 7]))).toEqual({
      ok: false,
      rejection: { code: "CODEC_TRAILING", facts: { offset: 2, extra: 1 } },
    });
  });

  it("round-trips", () => {
    expect(decode(u16, encode(u16, 513))).toEqual({ ok: true, value: 513 });
  });

  it("lets a bug in a codec through instead of calling it a rejection", () => {
    const broken: Codec<number> = {
      ...u16,
      read: () => {
        throw new TypeError("planted");
      },
    };
    expect(() => decode(broken, new Uint8Array(2))).toThrow(TypeError);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  packageMillijoules,
  parseEmiMetadata,
} from "../../../../src-main/adapters/meters/emi-layout.ts";
import { measurement, metadataV1, metadataV2 } from "../../../worlds/meters/emi-bytes.ts";

const code = (error: string) => expect.objectContaining({ code: error });

describe("adapters/meters/emi-layout", () => {
  it("reads both versions", () => {
    expect(parseEmiMetadata(1, metadataV1("CPU"))).toEqual({
      maker: "Contoso",
      model: "Board",
      channels: ["CPU"],
    });
    const channels = ["RAPL_Package0_PKG", "RAPL_Package0_PP0", "x"];
    expect(parseEmiMetadata(2, metadataV2(channels))).toEqual({
      maker: "GenuineIntel",
      model: "RAPL",
      channels,
    });
  });

  it("adds up packages alone; one watt hour is 10^12 of its units", () => {
    const channels = ["RAPL_Package0_PKG", "RAPL_Package0_DRAM", "RAPL_Package1_PKG"];
    const metadata = parseEmiMetadata(2, metadataV2(channels));
    const bytes = measurement([10n ** 12n, 5n * 10n ** 15n, 2n * 10n ** 12n]);
    expect(packageMillijoules(metadata, bytes)).toBe(3 * 3_600_000);
    expect(packageMillijoules({ ...metadata, channels: ["PP0"] }, bytes)).toBeNull();
  });

  it("refuses other versions and units, and measurements cut off", () => {
    const metadata = parseEmiMetadata(2, metadataV2(["RAPL_Package0_PKG"]));
    expect(() => parseEmiMetadata(3, metadataV2([]))).toThrow(code("METERS_ANSWER"));
    expect(() => parseEmiMetadata(2, metadataV2(["a"], 7))).toThrow(code("METERS_ANSWER"));
    const short = measurement([1n]).subarray(0, 15);
    expect(() => packageMillijoules(metadata, short)).toThrow(code("METERS_ANSWER"));
  });

  it("gives a description or a fault for any bytes and any cut", () => {
    const cut = fc.tuple(fc.array(fc.string({ maxLength: 20 }), { maxLength: 5 }), fc.nat(400));
    fc.assert(
      fc.property(fc.constantFrom(1, 2), fc.oneof(fc.uint8Array({ maxLength: 200 })), (v, any) => {
        expectFault(() => parseEmiMetadata(v, any));
      }),
    );
    fc.assert(
      fc.property(cut, ([names, length]) => {
        const whole = metadataV2(names.map((name) => name.replaceAll("\0", "")));
        const given = whole.subarray(0, length);
        if (given.length === whole.length)
          expect(parseEmiMetadata(2, given).channels).toHaveLength(names.length);
        else expect(() => parseEmiMetadata(2, given)).toThrow(code("METERS_ANSWER"));
      }),
    );
  });
});

/** Nothing, or a fault with the one code. */
function expectFault(body: () => unknown): void {
  try {
    body();
  } catch (error) {
    expect(error).toMatchObject({ code: "METERS_ANSWER" });
  }
}

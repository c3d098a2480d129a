import { describe, expect, it } from "vitest";

import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { scryptKey } from "../../../src-main/crypto/scrypt.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("scryptKey", () => {
  it("gives the first vector of RFC 7914", async () => {
    const key = await scryptKey(bytes(""), bytes(""), { n: 16, r: 1, p: 1 }, 64);
    expect(bytesToHex(key)).toBe(
      "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442" +
        "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906",
    );
  });
});

import { describe, expect, it } from "vitest";
import { decode, encode } from "../../../src-main/codec/index.ts";
import { sha256 } from "../../../src-main/crypto/index.ts";
import { innerListRoot, publishedListCodec, sealOf } from "../../../src-main/learning/index.ts";

const bytes = (value: number) => new Uint8Array(32).fill(value);
const fields = {
  chainHead: bytes(1),
  innerListRoot: bytes(2),
  unit: bytes(3),
  worker: new Uint8Array(20).fill(4),
  salt: bytes(5),
};

describe("learning/4-commit", () => {
  it("changes the seal with every bit of every field", () => {
    const seals = new Set([sealOf(sha256, fields).join()]);
    let changed = 0;
    for (const name of Object.keys(fields) as (keyof typeof fields)[]) {
      for (let bit = 0; bit < 8 * fields[name].length; bit += 1) {
        const value = Uint8Array.from(fields[name]);
        value[bit >> 3] ^= 1 << (bit & 7);
        seals.add(sealOf(sha256, { ...fields, [name]: value }).join());
        changed += 1;
      }
    }
    expect(seals.size).toBe(1 + changed);
  });

  it("binds the list of inner digests with its order and length", () => {
    const roots = [[1], [2], [1, 2], [2, 1], [1, 1], [1, 2, 2]].map((list) =>
      innerListRoot(sha256, list.map(bytes)).join(),
    );
    expect(new Set(roots).size).toBe(6);
  });

  it("keeps the longest published list within 64 KiB and refuses a longer or empty one", () => {
    const entry = { stateRoot: bytes(1), batchDigest: bytes(2) };
    const longest = encode(
      publishedListCodec,
      Array.from({ length: 1023 }, () => entry),
    );
    expect(longest.length).toBeLessThanOrEqual(65_536);
    expect(decode(publishedListCodec, longest)).toMatchObject({ ok: true });
    const longer = new Uint8Array(longest.length + 64);
    longer.set(longest);
    new DataView(longer.buffer).setUint32(0, 1024, true);
    expect(decode(publishedListCodec, longer)).toMatchObject({ ok: false });
    expect(decode(publishedListCodec, new Uint8Array(4))).toMatchObject({ ok: false });
  });
});

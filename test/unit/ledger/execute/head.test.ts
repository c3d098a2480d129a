import { describe, expect, it } from "vitest";
import { encode } from "../../../../src-main/codec/index.ts";
import { headCodec, readHead } from "../../../../src-main/ledger/index.ts";
import { codeOf, must, PracticeWorld } from "../../../worlds/practice-world.ts";

describe("ledger/execute/head", () => {
  const { head } = new PracticeWorld();
  const bytes = encode(headCodec, head);

  it("is read back as it was kept", () => {
    expect(must(readHead(bytes))).toEqual(head);
  });

  it("is refused as another version's where it begins otherwise, as the former ones did", () => {
    // A former head began with the genesis hash and had no index root.
    const former = bytes.slice(4);
    expect(codeOf(readHead(former))).toBe("LEDGER_HEAD_FORMAT");
  });

  it("is refused where it is cut off or goes on", () => {
    expect(codeOf(readHead(bytes.slice(0, -1)))).toBe("CODEC_TRUNCATED");
    expect(codeOf(readHead(new Uint8Array(3)))).toBe("CODEC_TRUNCATED");
    expect(codeOf(readHead(Uint8Array.from([...bytes, 0])))).toBe("CODEC_TRAILING");
  });
});

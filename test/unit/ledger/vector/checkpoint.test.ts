import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import {
  checkpointOrigin,
  checkpointText,
  readCheckpoint,
} from "../../../../src-main/ledger/vector/checkpoint.ts";

const origin = checkpointOrigin(new Uint8Array(32).fill(0xab));
const root = sha256(new Uint8Array(3));
const text = checkpointText({ origin, size: 70_000, root });

describe("checkpoint", () => {
  it("is three lines: origin, size, and the root as base64 has it elsewhere too", () => {
    const base64 = Buffer.from(root).toString("base64");
    expect(text).toBe(`vivian.${"ab".repeat(32)}\n70000\n${base64}\n`);
  });

  it("reads back what it wrote for any root", () => {
    const roots = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(roots, fc.maxSafeNat(), (any, size) => {
        const checkpoint = { origin, size, root: any };
        expect(readCheckpoint(checkpointText(checkpoint))).toEqual({ ok: true, value: checkpoint });
      }),
    );
  });

  it.each([
    ["nothing", ""],
    ["a line too many", `${text}\n`],
    ["no last line end", text.slice(0, -1)],
    ["a size with a zero before it", text.replace("\n7", "\n07")],
    ["a size beyond what is exact", text.replace("70000", "9007199254740993")],
    ["bits that base64 leaves unused", text.replace(/.=\n$/, "B=\n")],
    ["Windows line ends", text.replaceAll("\n", "\r\n")],
  ])("refuses %s", (_what, wrong) => {
    expect(readCheckpoint(wrong)).toMatchObject({ rejection: { code: "EXPORT_CHECKPOINT" } });
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { MESSAGE_BYTES_MAX } from "../../../src-main/api/limits.ts";
import { MessageLines, readJson } from "../../../src-main/api/message-lines.ts";

describe("MessageLines", () => {
  it("gives the same lines however the bytes are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme", maxLength: 40 }).map((s) => s.replace(/\n/g, ""))),
        fc.integer({ min: 1, max: 17 }),
        (texts, size) => {
          const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(""));
          const lines = new MessageLines();
          const got: string[] = [];
          for (let at = 0; at < bytes.length; at += size) {
            got.push(...(lines.take(bytes.subarray(at, at + size)) ?? ["too long"]));
          }
          expect(got).toEqual(texts);
        },
      ),
    );
  });

  it("takes a line of exactly the limit and refuses one byte more", () => {
    const longest = "x".repeat(MESSAGE_BYTES_MAX);
    expect(new MessageLines().take(Buffer.from(`${longest}\n`))).toEqual([longest]);
    expect(new MessageLines().take(Buffer.from(`${longest}x\n`))).toBeNull();
  });

  it("refuses an endless line without waiting for its end", () => {
    const lines = new MessageLines();
    const chunk = Buffer.alloc(65_536, 0x78);
    let taken = 0;
    while (lines.take(chunk) !== null) taken += chunk.length;
    expect(taken).toBeLessThanOrEqual(MESSAGE_BYTES_MAX);
  });
});

describe("readJson", () => {
  it("gives undefined for what is not JSON", () => {
    expect(readJson('{"a":1}')).toEqual({ a: 1 });
    expect(readJson("null")).toBeNull();
    for (const text of ["{", "undefined", "\u0000", "{'a':1}", ""]) {
      expect(readJson(text)).toBeUndefined();
    }
  });
});

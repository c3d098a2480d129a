import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  byBytes,
  entryPath,
  pathBytes,
  shownBytes,
  shownText,
} from "../../../../src-main/adapters/data-import/path-bytes.ts";

const bytes = fc.uint8Array({ maxLength: 12 });

describe("adapters/data-import/path-bytes", () => {
  it("orders names as their bytes are ordered", () => {
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        const order = byBytes(
          Buffer.from(one).toString("latin1"),
          Buffer.from(other).toString("latin1"),
        );
        expect(Math.sign(order)).toBe(Buffer.compare(one, other));
      }),
    );
  });

  it("gives the very bytes of a name back to the system", () => {
    fc.assert(
      fc.property(bytes, (name) => {
        const path = entryPath(pathBytes("/dätä"), Buffer.from(name).toString("latin1"));
        expect(path).toEqual(Buffer.concat([Buffer.from("/dätä/"), name]));
      }),
    );
  });

  it("shows any bytes on one line of well-formed text", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (name) => {
        const shown = shownBytes(name);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
      }),
    );
    expect(shownBytes(Buffer.from("né"))).toBe("né");
    expect(shownBytes(Uint8Array.of(0x6e, 0xff, 0x0a))).toBe("n\\xff\\x0a");
  });

  it("cuts long text, also within a pair of surrogates", () => {
    expect(shownText("abc", 2)).toBe("ab…");
    expect(shownText("a😀b", 2).isWellFormed()).toBe(true);
  });
});

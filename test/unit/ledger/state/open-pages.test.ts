import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodePage } from "../../../../src-main/ledger/state/map-page.ts";
import type { Place } from "../../../../src-main/ledger/state/map-page.ts";
import { PageDesk } from "../../../../src-main/ledger/state/page-places.ts";

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const anyPlace: fc.Arbitrary<Place> = fc.oneof(
  fc.constant(undefined),
  fc.record({ kind: fc.constant("leaf" as const), key: bytes32, hash: bytes32 }),
  fc.record({ kind: fc.constant("subtree" as const), hash: bytes32 }),
);

describe("ledger/state/page-places", () => {
  it("writes the bytes it read, also beyond the pages its arrays begin with", () => {
    const desk = new PageDesk();
    for (let page = 0; page < 300; page += 1) desk.add();
    fc.assert(
      fc.property(fc.array(anyPlace, { minLength: 64, maxLength: 64 }), (page) => {
        const bytes = encodePage(page);
        const number = desk.read(bytes);
        const words = new Uint32Array(desk.sizeOf(number));
        expect(desk.write(number, words, 0)).toBe(words.length);
        expect(new Uint8Array(words.buffer)).toEqual(bytes);
      }),
    );
  });

  it("is empty again once cleared", () => {
    const desk = new PageDesk();
    const page = Array.from({ length: 64 }, (): Place => {
      return { kind: "subtree", hash: new Uint8Array(32) };
    });
    desk.read(encodePage(page));
    desk.clear();
    expect(desk.sizeOf(desk.add())).toBe(4);
  });

  it("refuses bytes that are no page", () => {
    const sound = encodePage([
      { kind: "subtree", hash: new Uint8Array(32) },
      ...Array.from({ length: 63 }, () => undefined),
    ]);
    const faults = [
      new Uint8Array(15),
      new Uint8Array(17),
      new Uint8Array(16).fill(0xff),
      sound.slice(0, 44),
      Uint8Array.of(...sound, 0, 0, 0, 0),
      new Uint8Array(16 + 64 * 64 + 4),
    ];
    for (const bytes of faults) {
      expect(() => new PageDesk().read(bytes)).toThrow("page of the state is malformed");
    }
  });
});

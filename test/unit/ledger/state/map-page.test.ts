import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import {
  decodePage,
  EMPTY_PAGE,
  encodePage,
  pageKey,
  placeOf,
  valueKey,
} from "../../../../src-main/ledger/state/map-page.ts";
import type { Place } from "../../../../src-main/ledger/state/map-page.ts";

const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
const anyPlace: fc.Arbitrary<Place> = fc.oneof(
  fc.constant(undefined),
  fc.record({ kind: fc.constant("leaf" as const), key: digest, hash: digest }),
  fc.record({ kind: fc.constant("subtree" as const), hash: digest }),
);

describe("ledger/state/map-page", () => {
  it("gives every page back from its bytes", () => {
    fc.assert(
      fc.property(fc.array(anyPlace, { minLength: 64, maxLength: 64 }), (page) => {
        expect(decodePage(encodePage(page))).toEqual(page);
      }),
    );
    expect(encodePage(EMPTY_PAGE)).toHaveLength(16);
  });

  it("stops at bytes that no page has: a damaged store must not become another state", () => {
    expect(() => decodePage(new Uint8Array(15))).toThrow("page of the state is malformed");
    expect(() => decodePage(new Uint8Array(16).fill(0xff))).toThrow(
      "page of the state is malformed",
    );
    expect(() => decodePage(new Uint8Array(17))).toThrow("page of the state is malformed");
  });

  it("gives keys on one path the same page and others another", () => {
    fc.assert(
      fc.property(digest, digest, fc.nat(42), (left, right, page) => {
        const depth = 6 * page;
        const places = (key: Uint8Array) =>
          Array.from({ length: page }, (_, at) => placeOf(key, 6 * at)).join();
        const same = bytesToHex(pageKey(depth, left)) === bytesToHex(pageKey(depth, right));
        expect(same).toBe(places(left) === places(right));
      }),
    );
  });

  it("keeps pages and values apart", () => {
    const key = new Uint8Array(32).fill(255);
    const names = Array.from({ length: 43 }, (_, at) => bytesToHex(pageKey(6 * at, key)));
    expect(new Set([...names, bytesToHex(valueKey(key))]).size).toBe(44);
  });
});

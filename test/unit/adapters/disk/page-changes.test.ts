import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  encodePageChanges,
  PageChanges,
  pageTag,
} from "../../../../src-main/adapters/disk/page-changes.ts";
import type { ChangedPage } from "../../../../src-main/adapters/disk/page-changes.ts";

const key = fc.uint8Array({ minLength: 1, maxLength: 33 });
/** A page, and it with a stretch replaced: mostly long enough that only what differs is kept. */
const edited = fc
  .tuple(
    fc.uint8Array({ maxLength: 600 }),
    fc.nat(600),
    fc.nat(80),
    fc.uint8Array({ maxLength: 80 }),
  )
  .map(([page, from, count, middle]) => {
    const after = [...page.slice(0, from), ...middle, ...page.slice(from + count)];
    return { before: page, after: Uint8Array.from(after) };
  });
const change = fc.oneof(
  edited,
  edited.map(({ before }) => ({ before, after: undefined })),
  edited.map(({ after }) => ({ before: undefined, after })),
  fc.constant({ before: undefined, after: undefined }),
);
const changes = fc.uniqueArray(fc.record({ key, change }), {
  maxLength: 20,
  selector: (each) => each.key.join(),
});

function changed(
  all: readonly { key: Uint8Array; change: Pick<ChangedPage, "before" | "after"> }[],
): ChangedPage[] {
  return all.map((each) => ({ key: each.key, tag: pageTag(each.key), ...each.change }));
}

describe("adapters/disk/page-changes", () => {
  it("leads from each page before a commit to the one after it, and back", () => {
    fc.assert(
      fc.property(changes, (all) => {
        const row = new PageChanges(encodePageChanges(changed(all), true));
        expect(row.count).toBe(all.length);
        for (const each of all) {
          const position = row.find(each.key, pageTag(each.key));
          expect(row.key(position)).toEqual(each.key);
          expect(row.after(position, each.change.before)).toEqual(each.change.after);
          expect(row.before(position, each.change.after)).toEqual(each.change.before);
        }
      }),
    );
  });

  it("leads on alone where nobody will read what was before, known or not", () => {
    fc.assert(
      fc.property(changes, fc.boolean(), (all, isUnknown) => {
        const given = changed(all).map((each): ChangedPage => {
          return isUnknown ? { ...each, before: "unknown" } : each;
        });
        const row = new PageChanges(encodePageChanges(given, false));
        for (const each of all) {
          const position = row.find(each.key, pageTag(each.key));
          expect(row.after(position, each.change.before)).toEqual(each.change.after);
          expect(() => row.before(position, each.change.after)).toThrow("malformed");
        }
      }),
    );
  });

  it("holds of a long page only what differs", () => {
    const before = new Uint8Array(2_000).fill(1);
    const after = before.slice();
    after.fill(2, 900, 932);
    const bytes = encodePageChanges(
      changed([{ key: Uint8Array.of(1), change: { before, after } }]),
      true,
    );
    expect(bytes.length).toBeLessThan(2 * 32 + 40);
  });

  it("lets the later change count where a key is named twice", () => {
    const twice = [1, 2].map((byte) => {
      const after = Uint8Array.of(byte);
      return { key: Uint8Array.of(9), change: { before: undefined, after } };
    });
    const row = new PageChanges(encodePageChanges(changed(twice), true));
    expect(row.count).toBe(1);
    expect(row.after(0, undefined)).toEqual(Uint8Array.of(2));
  });

  it("refuses a page that the commit did not lead from", () => {
    const before = new Uint8Array(300).fill(1);
    const after = Uint8Array.of(...before, 2);
    const row = new PageChanges(
      encodePageChanges(changed([{ key: Uint8Array.of(1), change: { before, after } }]), true),
    );
    expect(() => row.after(0, undefined)).toThrow("malformed");
    expect(() => row.after(0, before.subarray(1))).toThrow("malformed");
    expect(() => row.before(0, before)).toThrow("malformed");
  });

  it("refuses bytes that are no such row", () => {
    const sound = encodePageChanges(
      changed([{ key: Uint8Array.of(1), change: { before: undefined, after: new Uint8Array(9) } }]),
      true,
    );
    for (let end = 0; end < sound.length; end += 1) {
      expect(() => new PageChanges(sound.subarray(0, end))).toThrow("malformed");
    }
    expect(() => new PageChanges(Uint8Array.of(...sound, 0))).toThrow("malformed");
    const longer = sound.slice();
    longer[12 + 15] += 1;
    expect(() => new PageChanges(longer)).toThrow("malformed");
  });
});

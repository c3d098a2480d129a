import { describe, expect, it } from "vitest";
import type { UsearchModule } from "../../../../src-main/adapters/search-accelerator/index.ts";
import { loadAccelerator } from "../../../../src-main/adapters/search-accelerator/index.ts";

/** A module whose index answers what `nearest` says of the slots it holds. */
function moduleOf(nearest: (slots: readonly bigint[]) => readonly bigint[]): UsearchModule {
  class Index {
    readonly #slots: bigint[] = [];
    add(keys: BigUint64Array): void {
      this.#slots.push(...keys);
    }
    remove(key: bigint): void {
      this.#slots.splice(this.#slots.indexOf(key), 1);
    }
    size(): number {
      return this.#slots.length;
    }
    search(_query: Float32Array, count: number): { keys: BigUint64Array } {
      return { keys: BigUint64Array.from(nearest(this.#slots).slice(0, count)) };
    }
  }
  const kinds = { MetricKind: { L2sq: "l2sq" }, ScalarKind: { BF16: "bf16" } };
  return { Index, ...kinds } as unknown as UsearchModule;
}

describe("loading the accelerator", () => {
  it("says why it is absent, and throws nothing", async () => {
    const loaded = await loadAccelerator(() => Promise.reject(new Error("no prebuilt library")));
    expect(loaded.maker).toBeUndefined();
    expect(loaded.fault?.code).toBe("SEARCH_ACCELERATOR_ABSENT");
    expect(loaded.fault?.message).toBe("no prebuilt library");
  });

  it("refuses one that does not find what is there", async () => {
    const loaded = await loadAccelerator(() => Promise.resolve(moduleOf((slots) => slots)));
    expect(loaded.fault?.code).toBe("SEARCH_ACCELERATOR_DISAGREES");
    expect(loaded.fault?.message).toMatch(/^63 of 64 entries/);
  });

  it("refuses one that throws", async () => {
    const throwing = moduleOf(() => {
      throw new Error("illegal instruction");
    });
    const loaded = await loadAccelerator(() => Promise.resolve(throwing));
    expect(loaded.fault?.message).toBe("illegal instruction");
    expect(loaded.fault?.code).toBe("SEARCH_ACCELERATOR_DISAGREES");
  });
});

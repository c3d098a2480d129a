import { describe, expect, it } from "vitest";

import {
  STATIC_DATASETS,
  staticFactors,
} from "../../../../src-main/adapters/grid-signals/index.ts";

describe("the yearly table", () => {
  it("has the newest year of a zone, with its carbon-free part and its licence", () => {
    const germany = staticFactors("DE");
    expect(germany).toMatchObject({ dataset: "electricity-maps", year: 2025 });
    expect(germany?.averageMilligrams).toBe(342_000);
    expect(germany?.carbonFreeMillionths).toBeGreaterThan(0);
    expect(STATIC_DATASETS["electricity-maps"].licence).toBe("ODbL-1.0");
  });

  it("has a country by Ember where no zone is known, and assumes nothing beyond", () => {
    const known = staticFactors("DEU");
    expect(known).toMatchObject({ averageMilligrams: 342_060, dataset: "ember", year: null });
    expect(staticFactors("FRA")?.averageMilligrams).toBe(44_180);
    expect(staticFactors("XX-NOWHERE")).toBeNull();
    expect(staticFactors("constructor")).toBeNull();
    expect(staticFactors("")).toBeNull();
  });
});

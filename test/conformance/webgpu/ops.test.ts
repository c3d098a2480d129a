import { beforeAll, describe, expect, it } from "vitest";
import { checkedOps } from "../../../src-main/adapters/native-engine/index.ts";
import { inGraphicsChild, testAdapters } from "./graphics.ts";

const isFull = process.env["VIVIAN_FULL"] === "1";

/** Software adapters are slow: few seeds unless the full run is asked for. */
const SEEDS = Array.from({ length: isFull ? 200 : 6 }, (_, i) => i + 1);

const ELEMENTS = isFull ? 4_096 : 900;

const PRODUCTS: readonly string[] = [
  "matmul",
  "batch-matmul",
  "conv2d",
  "conv2d-gradient-input",
  "conv2d-gradient-filter",
];

/** What is done otherwise where workgroups gather lines. */
const GATHERED: readonly string[] = [...PRODUCTS, "sum", "mean", "max"];

const adapters = await testAdapters();

type Differences = Readonly<Record<string, readonly string[]>>;

/** Kernels after the first that may multiply; a device that has fewer repeats its last. */
const OTHERS = [1, 2, 3, 4];

describe.skipIf(adapters.length === 0)(`every op on webgpu (${adapters[0] ?? "none"})`, () => {
  let found: Differences = {};
  let gathered: Differences = {};
  const foundByOthers: Differences[] = [];

  beforeAll(async () => {
    found = await inGraphicsChild("differences", 0, checkedOps, SEEDS, ELEMENTS);
    gathered = await inGraphicsChild("differences", 0, GATHERED, SEEDS, ELEMENTS, true);
    for (const place of OTHERS) {
      foundByOthers.push(await inGraphicsChild("differences", place, PRODUCTS, SEEDS, ELEMENTS));
    }
  });

  it.each(checkedOps)("%s gives the reference's bytes", (op) => {
    expect(found[op]).toEqual([]);
  });

  it.each(GATHERED)("%s gives them where workgroups gather lines", (op) => {
    expect(gathered[op]).toEqual([]);
  });

  it.each(PRODUCTS)("%s gives them from every kernel that may multiply", (op) => {
    expect(foundByOthers.map((differences) => differences[op])).toEqual(OTHERS.map(() => []));
  });
});

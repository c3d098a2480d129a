import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkedOps } from "../../../src-main/adapters/native-engine/index.ts";
import { opNames } from "../../../src-main/engine/index.ts";

describe("conformance coverage", () => {
  it("has cases for every op of the engine", () => {
    expect(checkedOps).toEqual(opNames());
  });

  it("has a test file for every op of the engine", () => {
    const missing = opNames().filter(
      (op) => !existsSync(new URL(`${op}.test.ts`, import.meta.url)),
    );
    expect(missing).toEqual([]);
  });

  it("has a native source for every op of the engine", () => {
    const folder = new URL("../../../native/cpu/", import.meta.url);
    expect(opNames().filter((op) => !existsSync(new URL(`${op}.cc`, folder)))).toEqual([]);
  });
});

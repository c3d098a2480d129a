import { describe, expect, it } from "vitest";
import { inGraphicsChild, testAdapters } from "./graphics.ts";

const adapters = await testAdapters();

describe.skipIf(adapters.length === 0)(`long ops on webgpu (${adapters[0] ?? "none"})`, () => {
  it("give the reference's bytes where sums spill and rows of workgroups are folded", async () => {
    expect(await inGraphicsChild("longOnes")).toEqual([]);
  });

  it("takes the text of every kernel that any device may run", async () => {
    expect(await inGraphicsChild("compiled")).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";

import { openRapl, raplReadEveryMs } from "../../../../src-main/adapters/meters/rapl.ts";
import { described } from "../../../worlds/meters/open-described.ts";
import { fileTree, writeDomain } from "../../../worlds/meters/sysfs.ts";

const RANGE = 65_532_610_987;

function world() {
  const tree = fileTree();
  const state = { nowMs: 1_000_000 };
  const show = (microjoules: number) =>
    writeDomain(tree, "intel-rapl:0", { name: "package-0", microjoules, range: RANGE });
  show(RANGE - 1_000_000);
  const description = described({ kind: "rapl", id: "rapl-packages" });
  if (description.kind !== "rapl") throw new Error("another kind");
  const meter = openRapl(description, { clock: { nowMs: () => state.nowMs }, root: tree.root });
  return { tree, state, show, meter };
}

describe("adapters/meters/rapl", () => {
  it("counts through a wrap, and through none that no package could have drawn", async () => {
    const { tree, state, show, meter } = world();
    const first = await meter.read();
    expect(first.register).toMatchObject({ millijoules: 0, epoch: "1970-01-01T00:16:40.000Z" });
    state.nowMs += 1_000;
    show(500_000);
    const wrapped = await meter.read();
    expect(wrapped.register).toMatchObject({ millijoules: 1_500, epoch: first.register?.epoch });
    state.nowMs += 1_000;
    show(0);
    const anew = await meter.read();
    expect(anew.register).toMatchObject({ millijoules: 0, epoch: "1970-01-01T00:16:42.000Z" });
    tree.close();
  });

  it("counts nothing where a machine slept long enough for a counter to go round", async () => {
    const { tree, state, show, meter } = world();
    // Forty-four seconds are less than a round at 1,500 W takes it.
    state.nowMs += 43_000;
    show(0);
    expect((await meter.read()).register).toMatchObject({ millijoules: 1_000 });
    show(2_000_000);
    state.nowMs += 3_600_000;
    await meter.read();
    state.nowMs += 3_600_000;
    show(1_000_000);
    const asleep = await meter.read();
    expect(asleep.register).toMatchObject({ millijoules: 0 });
    tree.close();
  });

  it("is asked before its shortest counter can begin anew twice", () => {
    expect(raplReadEveryMs([262_143_328_850])).toBe(5_000);
    expect(raplReadEveryMs([262_143_328_850, 3_000_000])).toBe(1);
    expect(raplReadEveryMs([6_000_000_000])).toBe(2_000);
  });
});

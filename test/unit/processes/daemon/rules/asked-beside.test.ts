import { describe, expect, it } from "vitest";

import { AskedBeside } from "../../../../../src-main/processes/daemon/rules/asked-beside.ts";
import { MovedClock } from "../../../../worlds/moved-clock.ts";

const turn = async () => {
  for (let each = 0; each < 5; each += 1) await Promise.resolve();
};

describe("AskedBeside", () => {
  it("keeps the newest answer while it is fresh, and none that is old", async () => {
    const clock = new MovedClock(0);
    let answers = 0;
    let isHanging = false;
    const asked = new AskedBeside(
      () => (isHanging ? new Promise<number>(() => undefined) : Promise.resolve((answers += 1))),
      clock,
      1_000,
    );
    expect(asked.value).toBeNull();
    await turn();
    expect(asked.value).toBe(1);
    clock.pass(1_000);
    await turn();
    expect(asked.value).toBe(2);
    isHanging = true;
    clock.pass(2_000);
    await turn();
    expect(asked.value).toBe(2);
    clock.pass(1_000);
    expect(asked.value).toBeNull();
    asked.close();
    clock.pass(60_000);
    expect(answers).toBe(2);
  });

  it("takes a failure for no answer", async () => {
    const asked = new AskedBeside(() => Promise.reject(new Error("no")), new MovedClock(0), 1_000);
    await turn();
    expect(asked.value).toBeNull();
    asked.close();
  });
});

import { describe, expect, it } from "vitest";
import { DeviceTurn } from "../../../../src-main/miner/unit/device-turn.ts";

/** Names in the order they were let in, and how each leaves. */
function enter(turn: DeviceTurn) {
  const inside: string[] = [];
  const leave = new Map<string, () => void>();
  const come = (name: string) =>
    void turn.enter().then((away) => {
      inside.push(name);
      leave.set(name, away);
    });
  const settle = async () => {
    for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
  };
  return { inside, leave, come, settle };
}

describe("miner/unit/device-turn", () => {
  it("lets one in at a time, in the order they came", async () => {
    const { inside, leave, come, settle } = enter(new DeviceTurn());
    for (const name of ["a", "b", "c"]) come(name);
    await settle();
    expect(inside).toEqual(["a"]);
    leave.get("a")?.();
    leave.get("a")?.();
    await settle();
    expect(inside).toEqual(["a", "b"]);
  });

  it("lets nobody in while closed, and who is inside stays", async () => {
    const turn = new DeviceTurn();
    const { inside, leave, come, settle } = enter(turn);
    come("a");
    await settle();
    turn.close();
    leave.get("a")?.();
    come("b");
    await settle();
    expect(inside).toEqual(["a"]);
    turn.open();
    await settle();
    expect(inside).toEqual(["a", "b"]);
  });

  it("lets everybody through when it is dissolved", async () => {
    const turn = new DeviceTurn();
    const { inside, come, settle } = enter(turn);
    turn.close();
    for (const name of ["a", "b"]) come(name);
    turn.dissolve();
    await settle();
    expect(inside).toEqual(["a", "b"]);
  });
});

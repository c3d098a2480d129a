import { describe, expect, it } from "vitest";
import { encode } from "../../../../src-main/codec/index.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { JOBS, stateViewOver, UNITS } from "../../../../src-main/ledger/index.ts";
import {
  closedJobKey,
  closedRowsOf,
  closedRowsOfLog,
  closedUnitKey,
} from "../../../../src-main/node/history/closed-rows.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";
import { UnitLife } from "../../../worlds/unit-life.ts";

/** A world in which one job was paid and leaves the state with the next commit. */
function leaving() {
  const world = new PracticeWorld();
  const life = new UnitLife(world).until("verdict");
  life.take("verdict");
  const rows = [
    { key: closedJobKey(life.job), bytes: encode(JOBS.codec, life.jobRow) },
    { key: closedUnitKey(life.unit), bytes: encode(UNITS.codec, life.unitRow) },
  ];
  const time = world.head.time + world.genesis.constants.closedWindowMs;
  return { world, life, rows, time };
}

describe("node/history/closed-rows", () => {
  it("keeps the last rows of a job and its unit as they leave the state", () => {
    const { world, life, rows, time } = leaving();
    const executed = world.execute([], { time });
    if (!executed.ok) throw new Error("the commit executes");
    const effects = executed.value.effects.map(({ effect }) => effect);
    expect(closedRowsOf(stateViewOver(world.readPage), sha256, effects)).toEqual(rows);
    world.keep(executed.value);
    expect([world.row(JOBS, life.job), world.row(UNITS, life.unit)]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("gives them again by executing the log, and tells a log that does not execute", () => {
    const { world, rows, time } = leaving();
    world.commit([], { time });
    const stored = world.commits.flatMap((commit) => commit.stored);
    const store = {
      size: () => stored.length,
      record: (slot: number) => stored[slot],
    };
    expect([...closedRowsOfLog(store, world.genesis, world.needs)]).toEqual(rows);
    const flipped = { ...store, record: (slot: number) => stored[slot].map((byte) => byte ^ 1) };
    const read = () => [...closedRowsOfLog(flipped, world.genesis, world.needs)];
    expect(read).toThrow(expect.objectContaining({ code: "STORE_DAMAGED" }) as Error);
  });
});

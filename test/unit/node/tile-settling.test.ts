import { describe, expect, it } from "vitest";
import { Fault } from "../../../src-main/contract/outcome.ts";
import { TileSettling } from "../../../src-main/node/tile-settling.ts";

/** A store whose moves end by hand, and what was said. */
function world() {
  const moves: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  const said: string[] = [];
  const say = (message: string) => void said.push(message);
  const store = {
    settleTiles: () => new Promise<void>((resolve, reject) => void moves.push({ resolve, reject })),
  };
  const log = { info: say, warn: say, error: say };
  const failures: unknown[] = [];
  const settling = new TileSettling(store, log, (error) => void failures.push(error));
  return { moves, said, failures, settling };
}

const turns = () => new Promise<void>((resolve) => void setImmediate(resolve));

describe("node/tile-settling", () => {
  it("moves once at a time, and once more for all that came meanwhile", async () => {
    const { moves, settling } = world();
    for (let commit = 0; commit < 5; commit += 1) settling.begin();
    expect(moves).toHaveLength(1);
    let ended = false;
    const end = settling.end().then(() => void (ended = true));
    settling.begin();
    moves[0].resolve();
    await turns();
    expect([moves.length, ended]).toEqual([2, false]);
    moves[1].resolve();
    await end;
    settling.begin();
    expect(moves).toHaveLength(3);
  });

  it("goes on after a fault of the disk and says it; anything else is told on", async () => {
    const { moves, said, failures, settling } = world();
    const first = settling.finish();
    moves[0].reject(new Fault("STORE_DISK_FULL", "full"));
    await first;
    expect([said, failures]).toEqual([["a tile could not be written to its file"], []]);
    const second = settling.finish();
    moves[1].reject(new Error("a bug"));
    await second;
    expect(failures).toEqual([new Error("a bug")]);
  });
});

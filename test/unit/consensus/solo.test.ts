import { describe, expect, it } from "vitest";
import { EMPTY_SIGN_GUARD, soloState, soloStep } from "../../../src-main/consensus/index.ts";
import type { SoloAction, SoloEvent, SoloState } from "../../../src-main/consensus/index.ts";
import { UNITS } from "../../../src-main/ledger/index.ts";
import type { ExecutedCommit } from "../../../src-main/ledger/index.ts";
import { codeOf, must, PracticeWorld, transfer } from "../../worlds/practice-world.ts";
import { UnitLife } from "../../worlds/unit-life.ts";

/** Drives the sealer as a node would, with a clock of its own. */
class Sealer {
  readonly world: PracticeWorld;
  readonly log: string[] = [];
  readonly waiting: Uint8Array[] = [];
  state: SoloState;
  wakeAt: bigint | undefined;

  constructor(world: PracticeWorld, start: Partial<SoloState> = {}) {
    this.world = world;
    const due = world.commits.at(-1)?.due ?? { view: undefined, time: undefined };
    const { genesis, head } = world;
    this.state = soloState({
      genesis,
      head,
      guard: start.guard ?? EMPTY_SIGN_GUARD,
      due,
      unnamed: start.unnamed ?? false,
      now: start.now ?? head.time,
    });
  }

  send(event: SoloEvent): SoloAction[] {
    const step = must(soloStep(this.state, event));
    this.state = step.state;
    this.wakeAt = undefined;
    for (const action of step.actions) this.carryOut(action);
    return [...step.actions];
  }

  private carryOut(action: SoloAction): void {
    this.log.push(action.kind);
    if (action.kind === "wake") this.wakeAt = action.at;
    if (action.kind !== "propose") return;
    const records = this.waiting.splice(0);
    const { view, time } = action;
    const built = this.world.commit(records, { view, time });
    expect(built.head).toMatchObject({ number: action.number, epoch: action.epoch });
    this.send({ kind: "built", head: built.head });
    this.send({ kind: "pending", count: this.waiting.length });
    this.send(storedEvent(built, records.length));
  }

  submit(stored: Uint8Array): void {
    this.waiting.push(stored);
    this.send({ kind: "pending", count: this.waiting.length });
  }

  /** Lets time pass until the sealer asks for nothing more, at most so many wakes. */
  rest(most = 50): bigint {
    for (let wakes = 0; wakes < most && this.wakeAt !== undefined; wakes += 1) {
      this.send({ kind: "clock", now: this.wakeAt });
    }
    return this.world.head.number;
  }
}

const storedEvent = (built: ExecutedCommit, records: number): SoloEvent => ({
  kind: "stored",
  head: built.head,
  due: built.due,
  busy: records > 0 || built.effects.length > 0,
});

describe("consensus/solo", () => {
  it("makes no commit while nothing waits and nothing is due", () => {
    const sealer = new Sealer(new PracticeWorld());
    expect(sealer.send({ kind: "clock", now: 10_000_000n })).toEqual([]);
  });

  it("seals what waits, then one empty commit that names its outcomes, then rests", () => {
    const world = new PracticeWorld();
    const sealer = new Sealer(world);
    sealer.submit(world.record("owner", transfer(world.address.stranger, 1n)));
    expect(sealer.rest()).toBe(2n);
    expect(world.commits.map(({ stored }) => stored.length)).toEqual([2, 1]);
    expect(world.head.time - world.commits[0].head.time).toBe(50n);
    expect(sealer.send({ kind: "clock", now: world.head.time + 1_000_000n })).toEqual([]);
  });

  it("persists the guard before it signs, and signs notarize and finalize once", () => {
    const world = new PracticeWorld();
    const sealer = new Sealer(world);
    sealer.submit(world.record("owner", transfer(world.address.stranger, 1n)));
    sealer.rest();
    const once = ["wake", "propose", "persist-guard", "sign", "sign"];
    expect(sealer.log).toEqual([...once, ...once]);
    expect(sealer.state.guard.finalize?.view).toBe(2n);
  });

  it("goes on with empty commits until a challenge is drawn, then waits for its deadline", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until("challenge");
    const sealer = new Sealer(world, { unnamed: true });
    sealer.send({ kind: "clock", now: world.head.time });
    sealer.rest(3);
    expect(life.unitRow.phase).toBe("challenged");
    expect(sealer.wakeAt).toBe(life.unitRow.deadline + 1n);
    const { deadline } = life.unitRow;
    const ended: string[] = [];
    sealer.rest();
    for (const { outcomes } of world.commits) {
      for (const effect of outcomes.flatMap(({ effects }) => effects)) {
        if (effect.kind === "voided") ended.push(effect.code);
      }
    }
    expect(ended).toEqual(["LEDGER_VERDICT_MISSED"]);
    // The last thing it woke for: the closed unit left the state after its window.
    expect(world.row(UNITS, life.unit)).toBeUndefined();
    const { closedWindowMs } = world.genesis.constants;
    expect(world.head.time).toBeGreaterThan(deadline + closedWindowMs);
    expect(sealer.wakeAt).toBeUndefined();
  });

  it("keeps the least interval however often it is called", () => {
    const world = new PracticeWorld();
    const sealer = new Sealer(world);
    for (let at = 0; at < 100; at += 1) {
      sealer.send({ kind: "clock", now: world.genesis.time + BigInt(at) });
      const nonce = world.nextNonce(world.address.owner) + BigInt(sealer.waiting.length);
      sealer.submit(world.record("owner", transfer(world.address.stranger, 1n), { nonce }));
    }
    expect(world.head.number).toBe(1n);
  });

  it("takes a new view after a crash between signing and storing", () => {
    const world = new PracticeWorld();
    const first = new Sealer(world);
    first.submit(world.record("owner", transfer(world.address.stranger, 1n)));
    const { guard } = must(
      soloStep(
        { ...first.state, proposing: 1n },
        { kind: "built", head: must(world.execute()).head },
      ),
    ).state;
    const again = new Sealer(world, { guard });
    again.submit(world.record("owner", transfer(world.address.stranger, 1n)));
    again.rest(1);
    expect(world.head.view).toBe(2n);
  });

  it("stops when what was built contradicts the guard", () => {
    const world = new PracticeWorld();
    const sealer = new Sealer(world);
    const head = must(world.execute()).head;
    const proposing = { ...sealer.state, proposing: 1n };
    const signed = must(soloStep(proposing, { kind: "built", head })).state;
    const other = { ...head, vectorRoot: new Uint8Array(32) };
    expect(codeOf(soloStep(signed, { kind: "built", head: other }))).toBe("CONSENSUS_GUARD");
  });

  it("ignores an answer to a proposal it no longer makes", () => {
    const world = new PracticeWorld();
    const sealer = new Sealer(world);
    const { head } = must(world.execute());
    expect(sealer.send({ kind: "built", head })).toEqual([]);
  });

  it("proposes a failed commit again, one interval later", () => {
    const world = new PracticeWorld();
    const { genesis, head } = world;
    const now = head.time + 1_000n;
    const due = { view: undefined, time: undefined };
    const start = { genesis, head, guard: EMPTY_SIGN_GUARD, due, unnamed: false, now };
    const asked = must(soloStep(soloState(start), { kind: "pending", count: 1 }));
    expect(asked.actions.map(({ kind }) => kind)).toEqual(["propose"]);
    const failed = must(soloStep(asked.state, { kind: "failed" }));
    expect(failed.actions).toEqual([{ kind: "wake", at: now + 50n }]);
    const again = must(soloStep(failed.state, { kind: "clock", now: now + 50n }));
    expect(again.actions.map(({ kind }) => kind)).toEqual(["propose"]);
  });

  it("is a function of state and event", () => {
    const world = new PracticeWorld();
    const { state } = new Sealer(world);
    const event: SoloEvent = { kind: "pending", count: 3 };
    expect(soloStep(state, event)).toEqual(soloStep(state, event));
  });
});

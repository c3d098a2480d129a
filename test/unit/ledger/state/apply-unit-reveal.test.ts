import { describe, expect, it } from "vitest";
import type { PayloadOf } from "../../../../src-main/ledger/index.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";
import { smallSpecification, UnitLife } from "../../../worlds/unit-life.ts";

const wrong = new Uint8Array(32).fill(1);

describe("ledger/state/apply-unit-reveal", () => {
  it("refuses a reveal in the commit of its seal, whatever the order of slots", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until("seal");
    const seal = world.record("worker", life.seal());
    const reveal = world.record("worker", life.reveal(), { nonce: 1n });
    const codes = world.commit([seal, reveal]).outcomes.map(({ code }) => code);
    expect(codes).toEqual(["", "", "LEDGER_REVEAL_EARLY"]);
    expect(world.codeOf(world.record("worker", life.reveal()))).toBe("");
  });

  it.each<[string, Partial<PayloadOf<"unit-reveal">>]>([
    ["chain head", { chainHead: wrong }],
    ["inner list", { innerListRoot: wrong }],
    ["salt", { salt: wrong }],
  ])("refuses another %s than was sealed", (_, change) => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until("reveal");
    const code = world.codeOf(world.record("worker", { ...life.reveal(), ...change }));
    expect(code).toBe("LEDGER_SEAL_MISMATCH");
    expect(life.unitRow.phase).toBe("sealed");
  });

  it("refuses a copied seal: it binds the worker", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until("seal");
    const copied = { ...life.seal() };
    const world2 = new PracticeWorld({
      change: (genesis) => ({
        ...genesis,
        accounts: genesis.accounts.map((account) => ({
          ...account,
          roles: account.roles === 0 ? 0 : 3 - account.roles,
        })),
      }),
    });
    const swapped = new UnitLife(world2);
    const seal = { ...copied, unit: swapped.unit };
    expect(world2.codeOf(world2.record("verifier", seal))).toBe("");
    const reveal = { ...life.reveal(), unit: swapped.unit };
    expect(world2.codeOf(world2.record("verifier", reveal))).toBe("LEDGER_SEAL_MISMATCH");
  });

  it("refuses another number of segments than the specification gives", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until("reveal");
    const code = world.codeOf(world.record("worker", { ...life.reveal(), segmentCount: 5 }));
    expect(code).toBe("LEDGER_SEGMENT_COUNT");
  });

  it("refuses another start than the specification fixes", () => {
    const world = new PracticeWorld();
    const specification = smallSpecification({ startRoot: new Uint8Array(32).fill(4) });
    const life = new UnitLife(world, { specification }).until("reveal");
    expect(world.codeOf(world.record("worker", life.reveal()))).toBe("LEDGER_START_ROOT");
    const right = { ...life.reveal(), startRoot: specification.startRoot };
    expect(world.codeOf(world.record("worker", right))).toBe("");
  });
});

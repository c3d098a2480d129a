import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../../src-main/crypto/index.ts";
import { StateOverlay, stateViewOver, WORKERS } from "../../../../../src-main/ledger/index.ts";
import {
  drawAssignment,
  unitBond,
} from "../../../../../src-main/ledger/state/end-of-commit/assign-unit.ts";
import type { RuleContext } from "../../../../../src-main/ledger/state/rule.ts";
import { PracticeWorld } from "../../../../worlds/practice-world.ts";
import { smallSpecification } from "../../../../worlds/unit-life.ts";

const unit = sha256(Uint8Array.of(1));

function scene(world: PracticeWorld) {
  const overlay = new StateOverlay(stateViewOver(world.readPage), sha256);
  const contextOf = (beacon: number): RuleContext => ({
    hasher: sha256,
    genesis: world.genesis,
    number: 1n,
    epoch: 0n,
    view: 1n,
    time: world.genesis.time,
    beacon: sha256(Uint8Array.of(beacon)),
    verifyVrf: world.needs.verifyVrf,
    verifyEd25519: world.needs.verifyEd25519,
  });
  return { overlay, contextOf };
}

/** Both founders may work and verify. */
const bothRoles = () =>
  new PracticeWorld({
    change: (genesis) => ({
      ...genesis,
      accounts: genesis.accounts.map((account) => ({
        ...account,
        roles: account.roles === 0 ? 0 : 3,
      })),
    }),
  });

describe("ledger/state/end-of-commit/assign-unit", () => {
  it("asks for ten prices of bond, or for more where the job does", () => {
    const price = 10n ** 18n;
    expect(unitBond(smallSpecification({ unitBondBase: 0n }), 10)).toBe(10n * price);
    expect(unitBond(smallSpecification({ unitBondBase: 11n * price }), 10)).toBe(11n * price);
  });

  it("never draws one account as worker and verifier of a unit", () => {
    const { overlay, contextOf } = scene(bothRoles());
    const workers = new Set<string>();
    for (let beacon = 0; beacon < 40; beacon += 1) {
      const drawn = drawAssignment(overlay, unit, 1n, contextOf(beacon));
      expect(drawn?.worker).not.toEqual(drawn?.verifier);
      workers.add(String(drawn?.worker));
    }
    expect(workers.size).toBe(2);
  });

  it("draws nobody whose free bond does not cover the unit, nor in another role", () => {
    const world = new PracticeWorld();
    const { overlay, contextOf } = scene(world);
    const { worker } = world.address;
    const row = world.row(WORKERS, worker);
    if (row === undefined) throw new Error("the worker has a bond");
    const full = row.bondedBase;
    expect(drawAssignment(overlay, unit, full, contextOf(0))?.worker).toEqual(worker);
    expect(drawAssignment(overlay, unit, full + 1n, contextOf(0))).toBeUndefined();
    overlay.write(WORKERS, worker, { ...row, heldBase: 1n });
    expect(drawAssignment(overlay, unit, full, contextOf(0))).toBeUndefined();
    overlay.write(WORKERS, worker, { ...row, roles: 2 });
    expect(drawAssignment(overlay, unit, 1n, contextOf(0))).toBeUndefined();
  });
});

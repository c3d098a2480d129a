import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import {
  epochAfter,
  inclusionFee,
  parametersOf,
  PARAMETERS,
  pricesAt,
  SINGLE,
  StateOverlay,
  stateViewOver,
} from "../../../../src-main/ledger/index.ts";
import type { PayloadOf } from "../../../../src-main/ledger/index.ts";
import {
  PARAMETER_NAMES,
  parameterRange,
} from "../../../../src-main/ledger/state/parameter-ranges.ts";
import { PracticeWorld, transfer } from "../../../worlds/practice-world.ts";

const change = (name: string, value: bigint, epoch = 1n): PayloadOf<"parameter-change"> => ({
  kind: "parameter-change",
  name,
  value,
  epoch,
});

/** The parameters of the next commit. */
function inForce(world: PracticeWorld) {
  const overlay = new StateOverlay(stateViewOver(world.readPage), sha256);
  const epoch = epochAfter(world.genesis, world.head);
  return parametersOf(overlay, { genesis: world.genesis, epoch });
}

const toEpoch = (world: PracticeWorld, epoch: bigint) =>
  world.commit([], { time: world.genesis.time + epoch * world.genesis.constants.epochMs });

describe("ledger/state/apply-parameter-change", () => {
  it("holds from the first commit of its epoch on, for that commit's own records", () => {
    const world = new PracticeWorld();
    const feePerByteBase = 3n * world.genesis.constants.feePerByteBase;
    expect(world.codeOf(world.record("owner", change("feePerByteBase", feePerByteBase)))).toBe("");
    expect(inForce(world)).toEqual(world.genesis.constants);
    // The last commit of epoch 0 by its parent's time; the next one is of epoch 1.
    toEpoch(world, 1n);
    expect(world.head.epoch).toBe(0n);
    expect(inForce(world)).toEqual({ ...world.genesis.constants, feePerByteBase });
    const payload = transfer(world.address.worker, 1n);
    const stored = world.record("owner", payload);
    const { outcomes, head } = world.commit([stored]);
    expect(head.epoch).toBe(1n);
    expect(outcomes[1].feeBase).toBe(
      inclusionFee(
        pricesAt({ ...world.genesis.constants, feePerByteBase }),
        stored.length,
        payload,
      ),
    );
  });

  it("replaces a change to come by a newer word, and keeps the one in force", () => {
    const world = new PracticeWorld();
    world.codeOf(world.record("owner", change("disputeWindowMs", 5_000n, 1n)));
    world.codeOf(world.record("owner", change("disputeWindowMs", 6_000n, 1n)));
    expect(world.row(PARAMETERS, SINGLE)?.length).toBe(1);
    toEpoch(world, 1n);
    expect(inForce(world).disputeWindowMs).toBe(6_000n);
    world.codeOf(world.record("owner", change("disputeWindowMs", 7_000n, 9n)));
    world.codeOf(world.record("owner", change("slashPermille", 7n, 2n)));
    expect(inForce(world).disputeWindowMs).toBe(6_000n);
    toEpoch(world, 9n);
    expect(inForce(world)).toMatchObject({ disputeWindowMs: 7_000n, slashPermille: 7 });
    world.codeOf(world.record("owner", change("disputeWindowMs", 8_000n, 10n)));
    const names = (world.row(PARAMETERS, SINGLE) ?? []).map(({ name, value }) => [name, value]);
    expect(names).toEqual([
      ["slashPermille", 7n],
      ["disputeWindowMs", 7_000n],
      ["disputeWindowMs", 8_000n],
    ]);
  });

  it("takes every parameter at the ends of its range and nothing beyond", () => {
    expect(PARAMETER_NAMES.length).toBe(11);
    for (const name of PARAMETER_NAMES) {
      const { least, most } = parameterRange(name) ?? { least: 0n, most: 0n };
      const world = new PracticeWorld();
      const codes = [least, most, most + 1n].map((value) =>
        world.codeOf(world.record("owner", change(name, value))),
      );
      expect(codes).toEqual(["", "", "LEDGER_PARAMETER_RANGE"]);
      if (least === 0n) continue;
      const below = world.record("owner", change(name, least - 1n));
      expect(world.codeOf(below)).toBe("LEDGER_PARAMETER_RANGE");
      expect(Object.hasOwn(world.genesis.constants, name)).toBe(true);
    }
  });

  it.each([
    ["LEDGER_GOVERNOR", "worker", change("slashPermille", 1n)],
    ["LEDGER_PARAMETER_UNKNOWN", "owner", change("governor", 1n)],
    ["LEDGER_PARAMETER_UNKNOWN", "owner", change("epochMs", 1n)],
    ["LEDGER_PARAMETER_UNKNOWN", "owner", change("toString", 1n)],
    ["LEDGER_PARAMETER_EPOCH", "owner", change("slashPermille", 1n, 0n)],
  ] as const)("answers %s to %s", (code, who, payload) => {
    const world = new PracticeWorld();
    expect(world.codeOf(world.record(who, payload))).toBe(code);
  });

  it("lets nobody change anything where the genesis names no governor", () => {
    const world = new PracticeWorld({
      change: (genesis) => ({
        ...genesis,
        constants: { ...genesis.constants, governor: new Uint8Array(20) },
      }),
    });
    const code = world.codeOf(world.record("owner", change("slashPermille", 1n)));
    expect(code).toBe("LEDGER_GOVERNOR");
  });
});

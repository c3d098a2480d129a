import { describe, expect, it } from "vitest";
import { encode } from "../../../../src-main/codec/index.ts";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import type { RowClaimAnswer, RowTable } from "../../../../src-main/contract/control-api/index.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { stateProofCodec } from "../../../../src-main/ledger/index.ts";
import { advanceTrust, trustGenesis } from "../../../../src-main/ledger/light/index.ts";
import { checkJobRows } from "../../../../src-renderer/state/check-job.ts";
import { scheme } from "../../../worlds/certified-world.ts";
import { LightWorld } from "../../../worlds/light-world.ts";
import { codeOf, must, PracticeWorld } from "../../../worlds/practice-world.ts";
import { smallSpecification, UnitLife } from "../../../worlds/unit-life.ts";

const light = new LightWorld(new PracticeWorld({ keys: "real" }));
const { world } = light;
const specification = smallSpecification({ version: 2, energyTier: 3 });
const life = new UnitLife(world, { specification }).until("reveal");
const stated = { tier: 4, energyMillijoules: 5_000n, startMs: 10n, endMs: 20n };
light.commit([world.record("worker", { kind: "unit-energy", unit: life.unit, ...stated })]);
light.commit();
const AT = world.commits.length;
const needs = { hasher: sha256, scheme, nowMs: world.head.time };
const view = must(advanceTrust(trustGenesis(sha256, world.genesis), light.update(0, AT), needs));
const [job, unit] = [life.job, life.unit].map(bytesToHex);

function answered(table: RowTable, id: Uint8Array): RowClaimAnswer {
  const { bytes, proof } = light.row({ name: table }, id, AT);
  const held = bytes === undefined ? null : bytesToHex(bytes);
  return {
    table,
    id: bytesToHex(id),
    bytes: held,
    proof: bytesToHex(encode(stateProofCodec, proof)),
  };
}

const rows = [
  answered("jobs", life.job),
  answered("units", life.unit),
  answered("unit-energies", life.unit),
];

describe("state/check-job", () => {
  it("believes what a unit's worker stated of its energy, and that another has none", () => {
    const [checked] = must(checkJobRows(view, job, [unit], rows)).units;
    expect(checked.row?.phase).toBe("sealed");
    expect(checked.energy).toMatchObject({ tier: 4, energyMillijoules: 5_000n });
    const other = new Uint8Array(32).fill(7);
    const none = [rows[0], answered("units", other), answered("unit-energies", other)];
    const [unknown] = must(checkJobRows(view, job, [bytesToHex(other)], none)).units;
    expect(unknown).toMatchObject({ row: undefined, energy: undefined });
  });

  it("refuses a hidden statement of energy", () => {
    const hidden = rows.map((row) =>
      row.table === "unit-energies" ? { ...row, bytes: null } : row,
    );
    for (const lie of [hidden, rows.slice(0, 2)]) {
      expect(codeOf(checkJobRows(view, job, [unit], lie))).toBe("LEDGER_LIGHT_STATE");
    }
  });
});

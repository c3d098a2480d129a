import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { challengeAlpha } from "../../../../src-main/learning/index.ts";
import { PracticeWorld, secretOf } from "../../../worlds/practice-world.ts";
import { smallSpecification, UnitLife } from "../../../worlds/unit-life.ts";

describe("ledger/state/apply-verdict-commit", () => {
  it("fixes what the beacon and the verifier's VRF draw", () => {
    const world = new PracticeWorld({ keys: "real" });
    const life = new UnitLife(world).until("commit");
    const { segments } = life.draw();
    life.take("commit");
    expect(life.unitRow).toMatchObject({ phase: "committed", drawn: segments, fullReplay: false });
    expect(segments).toHaveLength(3);
  });

  it("draws every segment for a full replay", () => {
    const world = new PracticeWorld();
    const specification = smallSpecification({ fullReplayPermille: 1000 });
    const life = new UnitLife(world, { specification }).until("open");
    expect(life.unitRow).toMatchObject({ fullReplay: true, drawn: [0, 1, 2, 3, 4, 5] });
  });

  it("refuses a VRF proof of another key, another unit or another reveal", () => {
    const world = new PracticeWorld({ keys: "real" });
    const life = new UnitLife(world).until("commit");
    const right = life.verdictCommit();
    const other = sha256(Uint8Array.of(1));
    const proofs = [
      world.vrf(secretOf("worker"), challengeAlpha(life.unit, life.chainHead)).proof,
      world.vrf(secretOf("verifier"), challengeAlpha(other, life.chainHead)).proof,
      world.vrf(secretOf("verifier"), challengeAlpha(life.unit, other)).proof,
      new Uint8Array(80),
    ];
    for (const vrfProof of proofs) {
      const code = world.codeOf(world.record("verifier", { ...right, vrfProof }));
      expect(code).toBe("LEDGER_VRF");
    }
    expect(life.unitRow.phase).toBe("challenged");
  });
});

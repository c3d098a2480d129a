import { describe, expect, it } from "vitest";
import { decode, encode } from "../../../../src-main/codec/index.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import {
  advanceTrust,
  lightUpdateCodec,
  TRUST_PERIOD_MS,
  trustCheckpoint,
  trustGenesis,
} from "../../../../src-main/ledger/light/index.ts";
import type { LightUpdate, TrustedView } from "../../../../src-main/ledger/light/index.ts";
import { certify, scheme } from "../../../worlds/certified-world.ts";
import { LightWorld } from "../../../worlds/light-world.ts";
import { codeOf, must, PracticeWorld, transfer } from "../../../worlds/practice-world.ts";

const DAY_MS = 86_400_000n;

/** Commits 1 to 3 in epoch 0, 4 and 5 in later ones. */
function grown(): LightWorld {
  const light = new LightWorld(new PracticeWorld({ keys: "real" }));
  const { world } = light;
  for (let at = 0; at < 3; at += 1) {
    light.commit([world.record("owner", transfer(world.address.stranger, 1n))]);
  }
  light.commit([], { time: world.genesis.time + DAY_MS });
  light.commit();
  return light;
}

const light = grown();
const { world } = light;
const genesis = trustGenesis(sha256, world.genesis);
const needs = { hasher: sha256, scheme, nowMs: world.head.time };
const advance = (trusted: TrustedView, update: LightUpdate, nowMs = needs.nowMs) =>
  advanceTrust(trusted, update, { ...needs, nowMs });
const atCommit = (number: number) => must(advance(genesis, light.update(0, number)));

describe("ledger/light/advance", () => {
  it("moves from the genesis to any commit of its epoch, and on from there", () => {
    const direct = atCommit(3);
    const stepped = must(advance(atCommit(1), light.update(1, 3)));
    expect(stepped).toEqual(direct);
    expect(direct.vectorRoot).toEqual(world.commits[2].head.vectorRoot);
    // Roots are one commit late.
    expect(direct.stateRoot).toEqual(world.commits[1].head.stateRoot);
    expect(direct.outcomeRoot).toEqual(world.commits[1].head.outcomeRoot);
  });

  it("survives its bytes", () => {
    const update = light.update(1, 5);
    expect(decode(lightUpdateCodec, encode(lightUpdateCodec, update))).toEqual({
      ok: true,
      value: update,
    });
  });

  it("enters the next epoch with the validators that the trusted state names", () => {
    expect(world.commits[4].head.epoch).toBe(1n);
    const update = light.update(2, 5);
    expect(must(advance(atCommit(2), update)).epoch).toBe(1n);
    const without = { ...update, validators: undefined };
    expect(codeOf(advance(atCommit(2), without))).toBe("LEDGER_LIGHT_VALIDATORS");
    const other = { ...update, validators: light.update(4, 5).validators };
    expect(codeOf(advance(atCommit(2), other))).toBe("LEDGER_LIGHT_VALIDATORS");
  });

  it("does not skip an epoch, unless the commit follows the trusted one itself", () => {
    const far = new LightWorld(new PracticeWorld({ keys: "real" }));
    far.commit();
    far.commit([], { time: far.world.genesis.time + 3n * DAY_MS });
    far.commit();
    far.commit();
    const now = { ...needs, nowMs: far.world.head.time };
    const start = trustGenesis(sha256, far.world.genesis);
    const first = must(advanceTrust(start, far.update(0, 1), now));
    expect(codeOf(advanceTrust(first, far.update(1, 4), now))).toBe("LEDGER_LIGHT_EPOCH");
    const second = must(advanceTrust(first, far.update(1, 2), now));
    expect(must(advanceTrust(second, far.update(2, 3), now)).epoch).toBe(3n);
  });

  it("refuses what is not newer", () => {
    expect(codeOf(advance(atCommit(3), light.update(1, 3)))).toBe("LEDGER_LIGHT_BACK");
    expect(codeOf(advance(atCommit(3), light.update(1, 2)))).toBe("LEDGER_LIGHT_BACK");
  });

  it("refuses a vector that does not begin with the trusted one", () => {
    const trusted = atCommit(1);
    const other = { ...trusted, vectorRoot: new Uint8Array(32) };
    expect(codeOf(advance(other, light.update(1, 3)))).toBe("LEDGER_LIGHT_FORK");
    const cut = { ...light.update(1, 3), consistency: [] };
    expect(codeOf(advance(trusted, cut))).toBe("LEDGER_LIGHT_FORK");
  });

  it("refuses a certificate of others, of another commit, or only of a notarization", () => {
    const update = light.update(0, 3);
    const wrong: readonly (readonly [Partial<LightUpdate>, string])[] = [
      [{ certificate: certify(world, world.commits[2], "notarize") }, "LEDGER_RECEIPT_STATEMENT"],
      [{ certificate: light.update(0, 2).certificate }, "LEDGER_LIGHT_COMMIT"],
      [{ commit: world.commits[1].stored[0] }, "LEDGER_LIGHT_COMMIT"],
      [{ commitProof: [] }, "LEDGER_LIGHT_COMMIT"],
      [{ commit: world.commits[0].stored[1] }, "LEDGER_COMMIT_MISPLACED"],
    ];
    for (const [change, code] of wrong) {
      expect(codeOf(advance(genesis, { ...update, ...change }))).toBe(code);
    }
    const { certificate } = update;
    const forged = { ...certificate, signatures: [new Uint8Array(64)] };
    const code = codeOf(advance(genesis, { ...update, certificate: forged }));
    expect(code).toBe("LEDGER_CERTIFICATE_SIGNATURE");
  });

  it("stops trusting after the trust period, to the millisecond", () => {
    const trusted = atCommit(1);
    const update = light.update(1, 2);
    const last = trusted.time + TRUST_PERIOD_MS;
    expect(codeOf(advance(trusted, update, last))).toBe("");
    expect(codeOf(advance(trusted, update, last + 1n))).toBe("LEDGER_LIGHT_STALE");
  });

  it("refuses a commit from the future", () => {
    const update = light.update(0, 3);
    expect(codeOf(advance(genesis, update, world.genesis.time - 60_000n))).toBe(
      "LEDGER_LIGHT_FUTURE",
    );
  });

  it("begins at a checkpoint that its owner names, however old it is", () => {
    const { statement } = certify(world, world.commits[4]);
    const update = { ...light.update(5, 5), consistency: [] };
    const late = { ...needs, nowMs: needs.nowMs + 9n * TRUST_PERIOD_MS };
    const view = must(trustCheckpoint(genesis, statement, update, late));
    expect(view.number).toBe(5n);
    const other = { ...statement, vectorSize: statement.vectorSize + 1n };
    expect(codeOf(trustCheckpoint(genesis, other, update, late))).toBe("LEDGER_LIGHT_CHECKPOINT");
  });
});

import { describe, expect, it } from "vitest";

import { encode } from "../../../../src-main/codec/index.ts";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import { genesisCodec, genesisHash } from "../../../../src-main/ledger/index.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { lightUpdateCodec, TRUST_PERIOD_MS } from "../../../../src-main/ledger/light/index.ts";
import {
  followUpdates,
  keepTrust,
  keptTrustOf,
  needsOpening,
  trustDocument,
  trustOpening,
} from "../../../../src-renderer/state/light-trust.ts";
import { LightWorld } from "../../../worlds/light-world.ts";
import { codeOf, must, PracticeWorld } from "../../../worlds/practice-world.ts";

const light = new LightWorld(new PracticeWorld({ keys: "real" }));
for (let commit = 0; commit < 4; commit += 1) light.commit();
const { world } = light;
const document = bytesToHex(encode(genesisCodec, world.genesis));
const name = bytesToHex(genesisHash(sha256, world.genesis));
const genesis = must(trustDocument(document, name));
const now = Number(world.head.time);
const late = Number(world.genesis.time + TRUST_PERIOD_MS) + 60_000;
const update = (from: number, to: number) =>
  bytesToHex(encode(lightUpdateCodec, light.update(from, to)));
const named = (change: object = {}) => ({
  genesis: name,
  commit: 4,
  commitDigest: bytesToHex(world.head.commitDigest),
  vectorSize: Number(world.head.size),
  vectorRoot: bytesToHex(world.head.vectorRoot),
  ...change,
});

describe("state/light-trust", () => {
  it("takes the document that the page was opened with, and no other", () => {
    expect(codeOf(trustDocument(document, "ab".repeat(32)))).toBe("LEDGER_RECEIPT_STATEMENT");
    expect(codeOf(trustDocument(document.slice(2), name))).toMatch(/^CODEC_/);
  });

  it("follows updates in order, and refuses one that is out of order or cut", () => {
    const stepped = must(followUpdates(genesis, [update(0, 2), update(2, 4)], now));
    expect(stepped).toEqual(must(followUpdates(genesis, [update(0, 4)], now)));
    expect(codeOf(followUpdates(genesis, [update(0, 4), update(0, 2)], now))).toBe(
      "LEDGER_LIGHT_BACK",
    );
    expect(codeOf(followUpdates(genesis, [update(0, 4).slice(2)], now))).toMatch(
      /^(CODEC|LEDGER)_/,
    );
  });

  it("begins at the opening's commit once the document is too old", () => {
    const stale = codeOf(followUpdates(genesis, [update(0, 4)], late));
    expect([stale, needsOpening(stale)]).toEqual(["LEDGER_LIGHT_STALE", true]);
    const view = must(trustOpening(genesis, named(), update(4, 4), now));
    expect(view.number).toBe(4n);
    for (const change of [{ vectorRoot: name }, { commitDigest: name }, { vectorSize: 3 }]) {
      expect(codeOf(trustOpening(genesis, named(change), update(4, 4), now))).toBe(
        "LEDGER_LIGHT_CHECKPOINT",
      );
    }
    expect(needsOpening("LEDGER_CERTIFICATE_SIGNATURE")).toBe(false);
  });

  it("keeps what it trusts for the tab: of this network, and while it vouches for more", () => {
    const view = must(followUpdates(genesis, [update(0, 4)], now));
    const kept = keepTrust({ view, basis: "genesis" });
    expect(keptTrustOf(kept, genesis, now)).toEqual({ view, basis: "genesis" });
    expect(keptTrustOf(kept, genesis, late)).toBeNull();
    const other = { ...genesis, genesisHash: new Uint8Array(32) };
    expect(keptTrustOf(kept, other, now)).toBeNull();
    for (const text of [null, "", "genesis", "genesis zz", `other ${kept.slice(8)}`, `${kept}00`]) {
      expect(keptTrustOf(text, genesis, now)).toBeNull();
    }
  });
});

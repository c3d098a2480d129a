import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encode } from "../../../../src-main/codec/index.ts";
import { ed25519PublicKey, ed25519Sign } from "../../../../src-main/crypto/index.ts";
import { ed25519Verify } from "../../../../src-main/crypto/index.ts";
import { checkEvidence, statementMessage, voteCodec } from "../../../../src-main/ledger/index.ts";
import type { Statement } from "../../../../src-main/ledger/index.ts";

const secret = new Uint8Array(32).fill(7);
const network = new Uint8Array(32).fill(1);
const one = { weight: 1n, vrfKey: new Uint8Array(32), address: new Uint8Array(20) };
const validators = [{ ...one, consensusKey: ed25519PublicKey(secret) }];
const context = { genesisHash: network, validators, verifyEd25519: ed25519Verify };

const base: Statement = {
  kind: "notarize",
  genesisHash: network,
  epoch: 2n,
  view: 9n,
  parentView: 8n,
  commitDigest: new Uint8Array(32),
  vectorSize: 3n,
  vectorRoot: new Uint8Array(32),
};

function vote(change: Partial<Statement>): Uint8Array {
  const statement = { ...base, ...change };
  const signature = ed25519Sign(secret, statementMessage(statement));
  return encode(voteCodec, { statement, validator: 0, signature });
}

describe("ledger/certificate/evidence", () => {
  it("names the validator and what it signed twice", () => {
    const pair = { first: vote({}), second: vote({ parentView: 7n }) };
    expect(checkEvidence(pair, context)).toMatchObject({
      ok: true,
      value: { index: 0, first: { parentView: 8n }, second: { parentView: 7n } },
    });
  });

  it("is shown by no pair of which a byte was changed", () => {
    const pair = { first: vote({}), second: vote({ kind: "notarize", vectorSize: 4n }) };
    const place = fc.nat({ max: pair.first.length - 1 });
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, change, isFirst) => {
        const first = Uint8Array.from(pair.first);
        const second = Uint8Array.from(pair.second);
        (isFirst ? first : second)[at] ^= change;
        expect(checkEvidence({ first, second }, context).ok).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});

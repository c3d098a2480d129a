import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ed25519PublicKey, ed25519Sign, sha256 } from "../../../../src-main/crypto/index.ts";
import {
  certificateOf,
  quorumWeight,
  statementMessage,
  verifyCertificate,
} from "../../../../src-main/ledger/index.ts";
import type { Certificate, Statement, Validator } from "../../../../src-main/ledger/index.ts";
import { scheme } from "../../../worlds/certified-world.ts";
import { codeOf, must } from "../../../worlds/practice-world.ts";

const genesisHash = sha256(Uint8Array.of(1));
const secrets = Array.from({ length: 10 }, (_, at) => sha256(Uint8Array.of(2, at)));
const validators: Validator[] = secrets.map((secret, at) => ({
  consensusKey: ed25519PublicKey(secret),
  vrfKey: ed25519PublicKey(secret),
  weight: BigInt(1 + (at % 3)),
  address: new Uint8Array(20).fill(at),
}));
const statement: Statement = {
  kind: "finalize",
  genesisHash,
  epoch: 1n,
  view: 9n,
  parentView: 8n,
  commitDigest: sha256(Uint8Array.of(3)),
  vectorSize: 44n,
  vectorRoot: sha256(Uint8Array.of(4)),
};
const votes = secrets.map((secret, validator) => {
  return { statement, validator, signature: ed25519Sign(secret, statementMessage(statement)) };
});
const context = { genesisHash, validators, scheme };
const full = must(certificateOf(votes, validators, scheme));
const check = (certificate: Certificate) => codeOf(verifyCertificate(certificate, context));

describe("ledger/certificate/certificate", () => {
  it("needs ⌊2W/3⌋ + 1 of the weight, not of the heads", () => {
    const weight = (value: bigint) => ({ ...validators[0], weight: value });
    expect(quorumWeight([weight(1n)])).toBe(1n);
    expect(quorumWeight([1n, 1n, 1n, 1n].map(weight))).toBe(3n);
    expect(quorumWeight([3n, 3n, 3n].map(weight))).toBe(7n);
  });

  it("accepts a quorum and nothing below it", () => {
    const need = quorumWeight(validators);
    fc.assert(
      fc.property(fc.subarray(votes, { minLength: 1 }), (some) => {
        let weight = 0n;
        for (const vote of some) weight += validators[vote.validator].weight;
        const certificate = certificateOf(some, validators, scheme);
        expect(certificate.ok).toBe(weight >= need);
        if (certificate.ok) expect(check(certificate.value)).toBe("");
      }),
      { numRuns: 12 },
    );
  });

  it("refuses a bitmap that claims more signers than there are signatures", () => {
    const few = { ...full, signatures: full.signatures.slice(0, 3) };
    expect(check(few)).toBe("LEDGER_CERTIFICATE_SIGNATURE");
    const nobody = { ...full, signers: new Uint8Array(2), signatures: [] };
    expect(check(nobody)).toBe("LEDGER_CERTIFICATE_QUORUM");
  });

  it("refuses bits beyond the set, another length and another scheme", () => {
    const beyond = full.signers.slice();
    beyond[1] |= 0x80;
    expect(check({ ...full, signers: beyond })).toBe("LEDGER_CERTIFICATE_FORM");
    expect(check({ ...full, signers: new Uint8Array(3) })).toBe("LEDGER_CERTIFICATE_FORM");
    expect(check({ ...full, scheme: 1 })).toBe("LEDGER_CERTIFICATE_FORM");
  });

  it("refuses signatures under any other statement", () => {
    const changes: Partial<Statement>[] = [
      { kind: "notarize" },
      { epoch: 2n },
      { view: 10n },
      { parentView: 7n },
      { commitDigest: genesisHash },
      { vectorSize: 45n },
      { vectorRoot: genesisHash },
    ];
    for (const change of changes) {
      const touched = { ...full, statement: { ...statement, ...change } };
      expect(check(touched)).toBe("LEDGER_CERTIFICATE_SIGNATURE");
    }
    const elsewhere = { ...full, statement: { ...statement, genesisHash: statement.vectorRoot } };
    expect(check(elsewhere)).toBe("LEDGER_CERTIFICATE_NETWORK");
  });

  it("refuses one signature counted for two validators", () => {
    const doubled = full.signatures.map(() => full.signatures[0]);
    expect(check({ ...full, signatures: doubled })).toBe("LEDGER_CERTIFICATE_SIGNATURE");
  });
});

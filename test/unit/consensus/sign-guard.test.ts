import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encode } from "../../../src-main/codec/index.ts";
import {
  EMPTY_SIGN_GUARD,
  guardedStatement,
  signGuardCodec,
} from "../../../src-main/consensus/index.ts";
import type { Statement } from "../../../src-main/ledger/index.ts";
import { statementsEqual } from "../../../src-main/ledger/index.ts";
import { codeOf, must } from "../../worlds/practice-world.ts";

const statement = (kind: Statement["kind"], view: number, fill: number): Statement => ({
  kind,
  genesisHash: new Uint8Array(32),
  epoch: 0n,
  view: BigInt(view),
  parentView: 0n,
  commitDigest: new Uint8Array(32).fill(fill),
  vectorSize: 1n,
  vectorRoot: new Uint8Array(32),
});
const anyStatement = fc
  .tuple(fc.constantFrom("notarize", "nullify", "finalize"), fc.nat(4), fc.nat(1))
  .map(([kind, view, fill]) => statement(kind as Statement["kind"], view, fill));

describe("consensus/sign-guard", () => {
  it("never lets two conflicting statements through, after any restart either", () => {
    fc.assert(
      fc.property(fc.array(anyStatement, { maxLength: 40 }), (asked) => {
        let guard = EMPTY_SIGN_GUARD;
        const signed: Statement[] = [];
        for (const next of asked) {
          // A restart: only the bytes on disk remain.
          guard = must(decode(signGuardCodec, encode(signGuardCodec, guard)));
          const allowed = guardedStatement(guard, next);
          if (!allowed.ok) continue;
          guard = allowed.value;
          signed.push(next);
        }
        for (const one of signed) {
          for (const other of signed) {
            if (one.view !== other.view) continue;
            if (one.kind === other.kind) expect(statementsEqual(one, other)).toBe(true);
            const kinds = new Set([one.kind, other.kind]);
            expect(kinds.has("nullify") && kinds.has("finalize")).toBe(false);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("lets the same statement be signed again and a newer view follow", () => {
    const first = statement("notarize", 3, 1);
    const guard = must(guardedStatement(EMPTY_SIGN_GUARD, first));
    expect(codeOf(guardedStatement(guard, first))).toBe("");
    expect(codeOf(guardedStatement(guard, statement("notarize", 4, 1)))).toBe("");
    expect(codeOf(guardedStatement(guard, statement("notarize", 3, 0)))).toBe("CONSENSUS_GUARD");
    expect(codeOf(guardedStatement(guard, statement("notarize", 2, 1)))).toBe("CONSENSUS_GUARD");
  });
});

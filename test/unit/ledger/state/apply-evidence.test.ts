import { describe, expect, it } from "vitest";
import { encode } from "../../../../src-main/codec/index.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import {
  ACCOUNTS,
  statementMessage,
  UNBONDINGS,
  VIV,
  voteCodec,
  WORKERS,
} from "../../../../src-main/ledger/index.ts";
import type { PayloadOf, Statement, Vote } from "../../../../src-main/ledger/index.ts";
import { countedMoney } from "../../../worlds/counted-money.ts";
import { PracticeWorld, secretOf } from "../../../worlds/practice-world.ts";

/** A world whose validator has money to bond. */
function world(): PracticeWorld {
  const fresh = new PracticeWorld({
    change: (genesis) => ({
      ...genesis,
      validators: genesis.validators.map((one) => ({
        ...one,
        // The worker's account, which is bonded.
        address: genesis.accounts.find(({ roles }) => roles === 1)?.address ?? one.address,
      })),
    }),
  });
  return fresh;
}

function statement(of: PracticeWorld, change: Partial<Statement> = {}): Statement {
  const zero = new Uint8Array(32);
  return {
    kind: "notarize",
    genesisHash: of.head.genesisHash,
    epoch: 0n,
    view: 4n,
    parentView: 3n,
    commitDigest: zero,
    vectorSize: 1n,
    vectorRoot: zero,
    ...change,
  };
}

function vote(of: PracticeWorld, said: Statement, signer = secretOf("validator")): Vote {
  const signature = of.ed25519(signer, statementMessage(said));
  return { statement: said, validator: 0, signature };
}

const evidence = (first: Vote, second: Vote): PayloadOf<"evidence"> => ({
  kind: "evidence",
  first: encode(voteCodec, first),
  second: encode(voteCodec, second),
});

const other = sha256(Uint8Array.of(1));

/** Two notarizes of one view that exclude each other. */
const pair = (of: PracticeWorld, change: Partial<Statement> = {}) =>
  evidence(
    vote(of, statement(of, change)),
    vote(of, statement(of, { ...change, commitDigest: other })),
  );

const WHOLE = 1_000_000n * VIV;

describe("ledger/state/apply-evidence", () => {
  it("burns a part of the bond and gives the reporter a tenth of that, once for a view", () => {
    const of = world();
    const before = of.row(ACCOUNTS, of.address.owner)?.balanceBase ?? 0n;
    const stored = of.record("owner", pair(of));
    const { outcomes, supply } = of.commit([stored]);
    const amountBase = (WHOLE * 50n) / 1_000n;
    const rewardBase = amountBase / 10n;
    const { worker, owner } = of.address;
    expect(outcomes[1].effects).toEqual([
      { kind: "slashed", account: worker, to: owner, amountBase, rewardBase },
    ]);
    expect(of.row(WORKERS, worker)?.bondedBase).toBe(WHOLE - amountBase);
    expect(supply.burnedBase).toBe(amountBase - rewardBase + outcomes[1].feeBase);
    expect((of.row(ACCOUNTS, owner)?.balanceBase ?? 0n) > before).toBe(true);
    expect(countedMoney(of)).toBe(supply.circulatingBase);
    const finalizes = pair(of, { kind: "finalize" });
    expect(of.codeOf(of.record("owner", pair(of)))).toBe("LEDGER_EVIDENCE_KNOWN");
    expect(of.codeOf(of.record("verifier", finalizes))).toBe("LEDGER_EVIDENCE_KNOWN");
    expect(of.codeOf(of.record("owner", pair(of, { view: 5n })))).toBe("");
  });

  it("reaches what is on its way out of the bond, and takes that first", () => {
    const of = world();
    of.codeOf(of.record("worker", { kind: "unbond", amountBase: WHOLE }));
    expect(of.codeOf(of.record("owner", pair(of)))).toBe("");
    const left = WHOLE - WHOLE / 20n;
    expect(of.row(UNBONDINGS, of.address.worker)?.map((part) => part.amountBase)).toEqual([left]);
    const time = of.head.time + of.genesis.constants.unbondingMs;
    const { effects } = of.commit([], { time });
    expect(effects.map(({ effect }) => effect)).toMatchObject([{ amountBase: left }]);
    expect(of.codeOf(of.record("owner", pair(of, { view: 9n })))).toBe("LEDGER_EVIDENCE_BOND");
  });

  it("knows which statements exclude each other", () => {
    const of = world();
    const of2 = (left: Partial<Statement>, right: Partial<Statement>) =>
      of.codeOf(
        of.record("owner", evidence(vote(of, statement(of, left)), vote(of, statement(of, right)))),
      );
    expect(of2({}, {})).toBe("LEDGER_EVIDENCE_AGREES");
    expect(of2({ kind: "notarize" }, { kind: "finalize" })).toBe("LEDGER_EVIDENCE_AGREES");
    expect(of2({ kind: "notarize" }, { kind: "nullify" })).toBe("LEDGER_EVIDENCE_AGREES");
    expect(of2({ view: 4n }, { view: 5n, commitDigest: other })).toBe("LEDGER_EVIDENCE_AGREES");
    expect(of2({ epoch: 0n }, { epoch: 1n, commitDigest: other })).toBe("LEDGER_EVIDENCE_AGREES");
    expect(of2({ kind: "nullify" }, { kind: "finalize" })).toBe("");
  });

  it.each([
    ["LEDGER_EVIDENCE_FORM", (of: PracticeWorld) => ({ ...pair(of), second: Uint8Array.of(1, 2) })],
    [
      "LEDGER_EVIDENCE_NETWORK",
      (of: PracticeWorld) => pair(of, { genesisHash: sha256(Uint8Array.of(9)) }),
    ],
    [
      "LEDGER_EVIDENCE_VALIDATOR",
      (of: PracticeWorld) => {
        const second = vote(of, statement(of, { commitDigest: other }));
        return evidence(vote(of, statement(of)), { ...second, validator: 1 });
      },
    ],
    [
      "LEDGER_EVIDENCE_SIGNATURE",
      (of: PracticeWorld) => {
        const forged = vote(of, statement(of, { commitDigest: other }), secretOf("stranger"));
        return evidence(vote(of, statement(of)), forged);
      },
    ],
  ] as const)("answers %s", (code, make) => {
    const of = world();
    expect(of.codeOf(of.record("owner", make(of)))).toBe(code);
    expect(of.row(WORKERS, of.address.worker)?.bondedBase).toBe(WHOLE);
  });

  it("checks real signatures with the strict verifier", () => {
    const of = new PracticeWorld({ keys: "real" });
    const sound = pair(of);
    const flipped = sound.second.slice();
    flipped[flipped.length - 1] ^= 1;
    const code = of.codeOf(of.record("owner", { ...sound, second: flipped }));
    expect(code).toBe("LEDGER_EVIDENCE_SIGNATURE");
    // Practice's validator has no bond of its own, which is all that is wrong with the sound pair.
    expect(of.codeOf(of.record("owner", sound))).toBe("LEDGER_EVIDENCE_BOND");
  });
});

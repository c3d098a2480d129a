import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesEqual } from "../../src-main/contract/bytes.ts";
import { ed25519PublicKey, sha256 } from "../../src-main/crypto/index.ts";
import { KEYS, VIV } from "../../src-main/ledger/index.ts";
import type { Genesis, Payload } from "../../src-main/ledger/index.ts";
import { anyPayload } from "../worlds/any-record.ts";
import { countedMoney } from "../worlds/counted-money.ts";
import { jobCreate, must, PracticeWorld, secretOf, transfer } from "../worlds/practice-world.ts";
import type { Who } from "../worlds/practice-world.ts";
import { smallSpecification, STEPS, UnitLife } from "../worlds/unit-life.ts";

const PEOPLE: readonly Who[] = ["owner", "worker", "verifier", "stranger"];
const SUBJECTS = [sha256(Uint8Array.of(1)), sha256(Uint8Array.of(2))];
const specification = smallSpecification();

/** One act of a walk: who does what with which numbers, and how much time passes. */
const anyAct = fc.record({
  kind: fc.nat(19),
  who: fc.nat(3),
  to: fc.nat(3),
  part: fc.nat(1_000),
  pause: fc.constantFrom(50n, 50n, 50n, 50n, 50n, 50n, 4_000_000n, 700_000_000n),
  maxFee: fc.constantFrom(10n ** 17n, 10n ** 17n, 10n ** 17n, 2n * 10n ** 14n),
  wild: anyPayload,
});

/** A payload that often applies, with values out of the world rather than out of nowhere. */
function plausible(world: PracticeWorld, jobs: readonly Uint8Array[], act: Act): Payload {
  const { kind, to, part, wild } = act;
  const receiver = world.address[PEOPLE[to]];
  const amountBase = (BigInt(part) * VIV) / 10n;
  const subject = SUBJECTS[part % 2];
  const job = jobs.at(part % Math.max(1, jobs.length)) ?? subject;
  const vrfKey = ed25519PublicKey(secretOf("verifier"));
  const roles = 1 + (part % 3);
  const transfers = [0, 1].map((at) => ({ to: receiver, amountBase: amountBase / BigInt(at + 1) }));
  const of: readonly (() => Payload)[] = [
    () => transfer(receiver, amountBase),
    () => ({ kind: "multi-transfer", transfers, memo: new Uint8Array(0) }),
    () => ({ kind: "memo", to: receiver, memo: Uint8Array.of(part % 256) }),
    () => ({ kind: "bond", amountBase, roles, payout: receiver, vrfKey, unitsPerHour: part }),
    () => ({ kind: "unbond", amountBase }),
    () => ({ kind: "payout-set", payout: receiver }),
    // Mostly back to its own key, or soon nobody could sign for anybody.
    () => ({ kind: "key-rotate", key: part % 5 === 0 ? receiver : world.address[PEOPLE[act.who]] }),
    () => ({ kind: "parameter-change", name: "slashPermille", value: BigInt(part), epoch: 9n }),
    () => ({ kind: "parameter-change", name: "feePerByteBase", value: BigInt(part), epoch: 2n }),
    () => jobCreate(specification, 0, VIV + amountBase),
    () => ({ kind: "job-fund", job, amountBase }),
    () => ({ kind: "job-cancel", job }),
    () => ({ kind: "energy-anchor", day: part % 20, root: subject, rows: part }),
    () => ({ kind: "retract", slot: BigInt(part % 60) }),
    () => ({ kind: "encryption-key", key: subject }),
    () => ({
      kind: "sealed",
      subject,
      keyEpoch: part % 2,
      contentNonce: new Uint8Array(24),
      ciphertext: new Uint8Array(32),
    }),
    () => ({ kind: "grant", subject, keyEpoch: 0, to: receiver, wrapped: new Uint8Array(80) }),
    () => ({ kind: "revoke", subject, to: receiver }),
    () => ({
      kind: "publish",
      what: "model",
      name: "m",
      content: subject,
      about: "",
      tags: [],
      collection: part % 2 === 0 ? "" : "c",
      embedding: new Uint8Array(part % 2 === 0 ? 0 : 4),
    }),
  ];
  return of[kind]?.() ?? wild;
}

type Act = typeof anyAct extends fc.Arbitrary<infer T> ? T : never;

/** Who signs for somebody now, as far as the world's people have the keys. */
function signerFor(world: PracticeWorld, who: Who): Who {
  const key = world.row(KEYS, world.address[who])?.key;
  if (key === undefined) return who;
  return PEOPLE.find((other) => bytesEqual(world.address[other], key)) ?? who;
}

describe("ledger sequences", () => {
  it("keep the supply, the fees and the state a function of the log, over all kinds", () => {
    const applied = new Map<string, number>();
    let records = 0;
    fc.assert(
      fc.property(fc.array(anyAct, { minLength: 30, maxLength: 40 }), (acts) => {
        const world = richWorld();
        const jobs: Uint8Array[] = [];
        let life: UnitLife | undefined;
        for (const [index, act] of acts.entries()) {
          if (index % 9 === 4) life = startedLife(world) ?? life;
          if (life !== undefined && life.unitRow !== undefined) takeStep(life, act.part);
          const who = PEOPLE[act.who];
          const payload = plausible(world, jobs, act);
          const touch = { maxFee: act.maxFee, signer: signerFor(world, who) };
          const stored = world.record(who, payload, touch);
          const time = world.head.time + act.pause;
          const executed = world.execute([stored], { time });
          if (!executed.ok) continue;
          expect(must(world.execute([stored], { time })).head).toEqual(executed.value.head);
          const [, outcome] = world.keep(executed.value).outcomes;
          records += 1;
          expect(outcome.feeBase > 0n && outcome.feeBase <= act.maxFee).toBe(true);
          if (outcome.code !== "") continue;
          applied.set(payload.kind, (applied.get(payload.kind) ?? 0) + 1);
          if (payload.kind === "job-create") jobs.push(must(world.needs.recoverRecord(stored)).id);
        }
        const { supply } = world.commit();
        const expected = supply.genesisBase + supply.mintedBase - supply.burnedBase;
        expect(supply.circulatingBase).toBe(expected);
        expect(countedMoney(world, namedIn(world))).toBe(expected);
      }),
      { numRuns: 25, seed: 20_261_122, endOnFailure: true },
    );
    expect(records).toBeGreaterThan(200);
    // Every kind that the walk can make apply did, or the walk shows nothing of it.
    expect([...applied.keys()].sort()).toEqual(
      expect.arrayContaining(["bond", "job-create", "key-rotate", "memo", "transfer", "unbond"]),
    );
    expect(applied.size).toBeGreaterThanOrEqual(13);
  }, 120_000);

  it("admit records whatever those before them come to", () => {
    fc.assert(
      fc.property(fc.array(anyPayload, { minLength: 2, maxLength: 6 }), (payloads) => {
        const world = new PracticeWorld();
        const commitOf = (all: readonly Payload[]) =>
          world.execute(
            all.map((payload, at) => world.record("owner", payload, { nonce: BigInt(at) })),
          );
        // The first moves everything there is, or nothing: admission of the rest is the same.
        const all = world.genesis.accounts.reduce((sum, one) => sum + one.balanceBase, 0n);
        for (const amountBase of [0n, 899n * VIV, all]) {
          const first = transfer(world.address.stranger, amountBase);
          const executed = commitOf([first, ...payloads]);
          expect(executed.ok).toBe(true);
          if (executed.ok) expect(executed.value.outcomes.length).toBe(payloads.length + 2);
        }
      }),
      { numRuns: 40 },
    );
  });
});

/** A world where everybody can pay for what it tries. */
function richWorld(): PracticeWorld {
  const change = (genesis: Genesis): Genesis => ({
    ...genesis,
    accounts: genesis.accounts.map((one) => ({ ...one, balanceBase: 100_000n * VIV })),
  });
  return new PracticeWorld({ change });
}

/** Accounts and subjects that wild payloads named; they come out of nowhere. */
function namedIn(world: PracticeWorld): { others: Uint8Array[]; subjects: Uint8Array[] } {
  const others = new Map<string, Uint8Array>();
  const subjects = new Map<string, Uint8Array>(SUBJECTS.map((each) => [String(each), each]));
  for (const { stored } of world.commits) {
    for (const bytes of stored.slice(1)) {
      const { payload } = must(world.needs.recoverRecord(bytes)).record;
      if (payload.kind === "transfer") others.set(String(payload.to), payload.to);
      if (payload.kind === "sealed") subjects.set(String(payload.subject), payload.subject);
      if (payload.kind !== "multi-transfer") continue;
      for (const { to } of payload.transfers) others.set(String(to), to);
    }
  }
  // The world's people are counted anyway.
  for (const who of [...PEOPLE, "validator" as const]) others.delete(String(world.address[who]));
  return { others: [...others.values()], subjects: [...subjects.values()] };
}

function startedLife(world: PracticeWorld): UnitLife | undefined {
  try {
    return new UnitLife(world);
  } catch {
    // The owner's key is another's now, or its money is gone.
    return undefined;
  }
}

function takeStep(life: UnitLife, part: number): void {
  try {
    life.take(STEPS[part % STEPS.length]);
  } catch {
    // Out of turn, or by an account whose key was rotated: the ledger refused it.
  }
}

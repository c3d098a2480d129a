import { describe, expect, it } from "vitest";
import {
  loadCompiled,
  loadWasm,
  signaturesOver,
} from "../../../src-main/adapters/native-crypto/index.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { addressOfPublicKey, nobleSignatures } from "../../../src-main/crypto/index.ts";
import type { SignatureBackend } from "../../../src-main/crypto/index.ts";
import { CASE_KINDS, signatureCase, verdictOf } from "./signature-cases.ts";
import type { CaseKind } from "./signature-cases.ts";

const FULL = process.env["VIVIAN_FULL"] === "1";
const SEED = 20_260_101;
/** Each case goes to every fast backend; each n-th also to the definition, which takes 1.2 ms. */
const CASES = FULL ? 1_000_000 : 1_400;
const DEFINED_EACH = FULL ? 25 : 3;

const wasm = signaturesOver(await loadWasm());
const compiled = ((): SignatureBackend | undefined => {
  try {
    return signaturesOver(loadCompiled());
  } catch {
    return undefined;
  }
})();

interface Tally {
  cases: number;
  defined: number;
  recovered: number;
  readonly differing: { number: number; kind: CaseKind }[];
}

/** Asks both; the definition on each `definedEach`-th case of each kind. */
function compare(
  one: SignatureBackend,
  other: SignatureBackend,
  count: number,
  definedEach: number,
): ReadonlyMap<CaseKind, Tally> {
  const tallies = new Map<CaseKind, Tally>(
    CASE_KINDS.map((kind) => [kind, { cases: 0, defined: 0, recovered: 0, differing: [] }]),
  );
  for (let number = 0; number < count; number += 1) {
    const each = signatureCase(one, SEED, number);
    const tally = tallies.get(each.kind) as Tally;
    const isDefined = tally.cases % definedEach === 0;
    tally.cases += 1;
    const verdict = verdictOf(one, each);
    if (verdict.length === 40) tally.recovered += 1;
    let differs = verdict !== verdictOf(other, each);
    if (isDefined) {
      tally.defined += 1;
      differs ||= verdict !== verdictOf(nobleSignatures, each);
    }
    if (differs) tally.differing.push({ number, kind: each.kind });
  }
  return tallies;
}

/** libsecp256k1 without a check of ours that is named. */
async function withoutCheck(check: "high s" | "v"): Promise<SignatureBackend> {
  const library = await loadWasm();
  return {
    sign: wasm.sign,
    recover(digest, signature) {
      if (signature.length !== 65) return undefined;
      const v = signature[64];
      if (check !== "v" && v !== 27 && v !== 28) return undefined;
      if (check === "v" && wasm.recover(digest, signature.with(64, 27)) === undefined) {
        return undefined;
      }
      const key = library.recover(digest, signature.subarray(0, 64), (v + 1) & 1);
      return key === undefined ? undefined : addressOfPublicKey(key);
    },
  };
}

describe("backends of account signatures", () => {
  it(
    `give equal verdicts on ${CASES} cases, seed ${SEED}`,
    () => {
      const tallies = compare(compiled ?? wasm, wasm, CASES, DEFINED_EACH);
      const lines = [...tallies].map(
        ([kind, { cases, defined, recovered, differing }]) =>
          `${kind}: ${cases} cases, ${defined} also by the definition, ` +
          `${recovered} recovered somebody, ${differing.length} differ`,
      );
      if (FULL) console.log(lines.join("\n"));
      expect([...tallies.values()].flatMap(({ differing }) => differing)).toEqual([]);
      const somebody = [...tallies].filter(([, { recovered }]) => recovered > 0);
      expect(somebody.length).toBeGreaterThan(10);
      expect(tallies.get("high s")?.recovered).toBe(0);
      expect(tallies.get("honest")?.recovered).toBe(tallies.get("honest")?.cases);
    },
    FULL ? 3_600_000 : 60_000,
  );

  it("make equal signatures", () => {
    const count = FULL ? 20_000 : 100;
    for (let number = 0; number < count; number += 1) {
      const place = number * CASE_KINDS.length;
      const { signature } = signatureCase(wasm, SEED + 1, place);
      for (const backend of [compiled ?? wasm, nobleSignatures]) {
        const other = signatureCase(backend, SEED + 1, place).signature;
        expect(bytesToHex(other)).toBe(bytesToHex(signature));
      }
    }
  }, 600_000);

  it("are caught by these cases where one accepts a high s, or another v", async () => {
    const kindsOf = (tallies: ReturnType<typeof compare>) =>
      [...tallies.values()].flatMap(({ differing }) => differing.map(({ kind }) => kind));
    const high = kindsOf(compare(wasm, await withoutCheck("high s"), 280, 1_000));
    expect(high.filter((kind) => kind === "high s").length).toBeGreaterThan(10);
    const other = kindsOf(compare(wasm, await withoutCheck("v"), 280, 1_000));
    expect(other).toContain("any v");
  });
});

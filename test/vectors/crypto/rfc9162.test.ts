import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { sha256 } from "../../../src-main/crypto/hasher.ts";
import { verifyConsistency } from "../../../src-main/crypto/merkle/consistency.ts";
import { verifyInclusion } from "../../../src-main/crypto/merkle/inclusion.ts";

// Cases of transparency-dev/merkle, read from beside the repository; skipped where it is absent.
const FOLDER = new URL("../../../../shared/vectors/rfc9162/", import.meta.url);
const present = existsSync(FOLDER);
if (!present) console.log("skipped: shared/vectors/rfc9162 is not beside the repository");

interface Case {
  readonly desc: string;
  readonly name: string;
  readonly wantErr: boolean;
  readonly proof: readonly string[] | null;
}
interface InclusionCase extends Case {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string;
  readonly leafHash: string;
}
interface ConsistencyCase extends Case {
  readonly size1: number;
  readonly size2: number;
  readonly root1: string;
  readonly root2: string;
}

const bytes = (base64: string | null) => new Uint8Array(Buffer.from(base64 ?? "", "base64"));
const read = (name: string) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as unknown;

const HASHERS = [
  ["the definition", sha256],
  ["OpenSSL", nativeSha256],
] as const;

describe.skipIf(!present).each(HASHERS)("RFC 9162 vectors, SHA-256 by %s", (_, hasher) => {
  it("agrees on every inclusion case", () => {
    const cases = read("inclusion.json") as InclusionCase[];
    expect(cases.length).toBeGreaterThan(50);
    for (const each of cases) {
      const verdict = verifyInclusion(hasher, bytes(each.root), {
        leafHash: bytes(each.leafHash),
        index: each.leafIdx,
        size: each.treeSize,
        proof: (each.proof ?? []).map(bytes),
      });
      expect(verdict, each.name).toBe(!each.wantErr);
    }
  });

  it("agrees on every consistency case, size 0 refused among them", () => {
    const cases = read("consistency.json") as ConsistencyCase[];
    expect(cases.length).toBeGreaterThan(50);
    for (const each of cases) {
      const verdict = verifyConsistency(hasher, {
        firstSize: each.size1,
        firstRoot: bytes(each.root1),
        secondSize: each.size2,
        secondRoot: bytes(each.root2),
        proof: (each.proof ?? []).map(bytes),
      });
      expect(verdict, each.name).toBe(!each.wantErr);
    }
  });
});

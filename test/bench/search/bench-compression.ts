/** Measures storage: bytes of a vector in each form, what codes lose, and records under zstd. */

import { zstdCompressSync, zstdDecompressSync } from "node:zlib";

import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { searchAccelerator } from "../../../src-main/adapters/search-accelerator/index.ts";
import { bytesEqual } from "../../../src-main/contract/bytes.ts";
import { publishedWords, wordCollection } from "../../../src-main/contract/word-collections.ts";
import { squaredDistance, textEmbedding } from "../../../src-main/ledger/index.ts";
import { encodeBundle } from "../../../src-main/ledger/vector/entry-bundle.ts";
import { codesMaker } from "../../../src-main/node/search/product-codes.ts";
import { must, PracticeWorld, transfer } from "../../worlds/practice-world.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { NEAREST, processorSecondsEach, recallOf } from "../search-kit.ts";
import type { SearchedVectors } from "./searched-vectors.ts";

/** Bytes of a code: of 128 int8 numbers 4, 8 and 16 times less; of floats 16, 32 and 64 times. */
const CODE_BYTES = [32, 16, 8] as const;

/** Candidates of codes that are measured again; the node takes 48 for each hit. */
const CANDIDATES = [160, 480] as const;

const FLOAT_BYTES = 4;
const BUNDLE = 256;

/** Runs them. */
export async function benchCompression(kit: BenchKit, searched: SearchedVectors): Promise<void> {
  const { index, size } = searched;
  const dimension = index.vectors[0].length;
  const plain = FLOAT_BYTES * dimension;
  const committed = index.bytes() / index.vectors.length;
  const line = (form: string, bytes: number) => {
    const against = { peer: "float32", peerValue: plain };
    kit.print(benchLine(`search.bytes/form=${form} ${size}`, bytes, "bytes/vector", against));
  };
  line("float32", plain);
  line("int8", dimension);
  line("committed-index", committed);
  const { maker } = await searchAccelerator();
  if (maker !== undefined) line("graph", maker.bytesPerEntry(dimension));
  for (const codeBytes of CODE_BYTES) benchCodes(kit, searched, codeBytes);
  benchRecords(kit);
}

function benchCodes(
  kit: BenchKit,
  { index: { vectors }, queries, exact, size }: SearchedVectors,
  codeBytes: number,
): void {
  const dimension = vectors[0].length;
  const numbers = new Int8Array(vectors.length * dimension);
  for (const [at, vector] of vectors.entries()) numbers.set(vector, at * dimension);
  const maker = codesMaker(codeBytes);
  const stride = Math.max(1, Math.floor(vectors.length / maker.sampleWanted));
  const sample = vectors.filter((_, at) => at % stride === 0).slice(0, maker.sampleWanted);
  const learned = Int8Array.from(sample.flatMap((vector) => [...vector]));
  const codes = maker.make(dimension, learned);
  codes.add([...vectors.keys()], numbers);
  const raw = (at: number) => codes.nearest(queries[at % queries.length], NEAREST);
  const ranked = (at: number, candidates: number) => {
    const query = queries[at % queries.length];
    const measured = codes.nearest(query, candidates).map((slot) => {
      return { slot, distance: squaredDistance(query, vectors[slot], 0, Infinity) };
    });
    measured.sort((one, other) => one.distance - other.distance || one.slot - other.slot);
    return measured.slice(0, NEAREST).map(({ slot }) => slot);
  };
  const name = (op: string) => `search.codes/op=${op} code=${codeBytes} ${size}`;
  kit.print(benchLine(name("times-smaller-than-int8"), dimension / codeBytes, "times"));
  const whole = { peer: "no-compression", peerValue: 1 };
  kit.print(benchLine(name("recall@10-unranked"), recallOf(exact, raw), "of exact", whole));
  for (const candidates of CANDIDATES) {
    const recall = recallOf(exact, (at) => ranked(at, candidates));
    const least = codeBytes === 8 ? 0.3 : 0.8;
    if (kit.size !== "tiny") mustHold(recall > least, `codes of ${codeBytes} bytes: ${recall}`);
    const of = `${name("recall@10")} candidates=${candidates}`;
    kit.print(benchLine(of, recall, "of exact", whole));
    const seconds = processorSecondsEach(bySize(kit, 100, 100, 4), (at) => ranked(at, candidates));
    const rate = 1 / Math.max(seconds, 1e-6);
    kit.print(benchLine(`${name("query")} candidates=${candidates} per=processor`, rate, "q/s"));
  }
}

const WORDS = ["weather", "roads", "digits", "faces", "leaves", "prices", "letters", "sounds"];

/** Bundles of signed records, as files of the ledger hold them once complete. */
function benchRecords(kit: BenchKit): void {
  const count = kit.size === "tiny" ? 8 : BUNDLE;
  const world = new PracticeWorld({ keys: "real" });
  const payment = transfer(world.address.stranger, 1n);
  const kinds = {
    transfer: () => payment,
    publish: (at: number) => {
      const name = `${WORDS[at % 8]}-${WORDS[(at >> 3) % 8]}-${at}`;
      const about = `${WORDS[(at * 5) % 8]} measured in ${1_990 + (at % 35)}, ${at * 37} samples`;
      const tags = [WORDS[(at * 3) % 8]];
      const embedding = must(textEmbedding(publishedWords(name, about, tags)));
      return {
        kind: "publish" as const,
        what: "dataset" as const,
        ...{ name, about, tags },
        content: nativeSha256(Uint8Array.of(at)),
        collection: wordCollection("dataset"),
        embedding: Uint8Array.from(embedding),
      };
    },
  };
  for (const [kind, payloadOf] of Object.entries(kinds)) {
    const records = Array.from({ length: count }, (_, at) =>
      world.record("owner", payloadOf(at), { nonce: BigInt(at) }),
    );
    const bundle = encodeBundle(records, 2);
    const packed = zstdCompressSync(bundle);
    mustHold(bytesEqual(zstdDecompressSync(packed), bundle), "what was packed comes back");
    const name = `search.records/form=zstd kind=${kind} records=${count}`;
    kit.print(benchLine(name, bundle.length / packed.length, "times smaller"));
  }
}

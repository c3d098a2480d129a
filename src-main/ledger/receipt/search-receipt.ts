/**
 * Decides what shows somebody without a node that a search was answered whole: the search proof
 * against the index root that a commit names, that commit's place in the vector, one certificate,
 * and the records of the hits, so that names and publishers are proved too.
 */

import { fixedBytes, list, struct, u64, varBytes } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { leafHash, verifyInclusion } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { certificateCodec, verifyCertificate } from "../certificate/certificate.ts";
import type { Statement } from "../certificate/statement.ts";
import { genesisHash } from "../genesis/genesis.ts";
import { SEARCH_HITS_MAX } from "../index/limits.ts";
import { searchProofCodec } from "../index/search-proof.ts";
import type { SearchHit, SearchRequest } from "../index/types.ts";
import { verifySearch } from "../index/verify-search.ts";
import { STORED_RECORD_BYTES_MAX, VECTOR_PROOF_MAX } from "../limits.ts";
import type { LedgerRecord, PayloadOf } from "../records/payloads.ts";
import { decodeStored, decodeStoredCommit } from "../records/stored-record.ts";
import type { ReceiptContext } from "./receipt.ts";

const path = list(fixedBytes(32), VECTOR_PROOF_MAX);

/** Bytes of a search receipt. */
export const searchReceiptCodec = struct({
  proof: searchProofCodec,
  /** Stored bytes of the commit record that names the index root: commit k+1 for that after k. */
  commit: varBytes(STORED_RECORD_BYTES_MAX),
  commitProof: path,
  certificate: certificateCodec,
  /** Records of hits and their paths; one whose payload was pruned is left out. */
  records: list(
    struct({ slot: u64, stored: varBytes(STORED_RECORD_BYTES_MAX), path }),
    SEARCH_HITS_MAX,
  ),
});

/** A search receipt; worth nothing until `verifySearchReceipt` accepts it. */
export type SearchReceipt = ValueOf<typeof searchReceiptCodec>;

/** A hit, and the record that published it where the receipt holds it. */
export interface ProvedHit extends SearchHit {
  readonly record: (LedgerRecord & { readonly payload: PayloadOf<"publish"> }) | undefined;
}

/** What an accepted search receipt shows. */
export interface SearchFacts {
  /** The whole answer, by (distance, slot). */
  readonly hits: readonly ProvedHit[];
  /** The commit after which the index was so. */
  readonly commit: bigint;
  readonly indexRoot: Uint8Array;
  /** Time of the commit that names the root. */
  readonly namedTime: bigint;
}

/**
 * Checks a search receipt offline; never throws on a decoded one.
 * @param request  as it was asked: its k, probes and filters decide the answer
 * @rejects LEDGER_CERTIFICATE_*, LEDGER_RECEIPT_STATEMENT, LEDGER_RECEIPT_COMMIT,
 *          LEDGER_RECEIPT_RECORD, those of `verifySearch`, CODEC_*
 */
export function verifySearchReceipt(
  receipt: SearchReceipt,
  request: SearchRequest,
  { hasher, genesis, scheme }: ReceiptContext,
): Outcome<SearchFacts> {
  const context = { genesisHash: genesisHash(hasher, genesis), validators: genesis.validators };
  const certified = verifyCertificate(receipt.certificate, { ...context, scheme });
  if (!certified.ok) return certified;
  const { kind } = certified.value;
  if (kind !== "finalize") return reject("LEDGER_RECEIPT_STATEMENT", { kind });
  const commit = decodeStoredCommit(receipt.commit, hasher);
  if (!commit.ok) return commit;
  const { genesisHash: network, number, firstSlot, indexRoot, time } = commit.value.record.payload;
  const place = { slot: firstSlot, stored: receipt.commit, path: receipt.commitProof };
  if (!stands(hasher, certified.value, place) || !bytesEqual(network, context.genesisHash)) {
    return reject("LEDGER_RECEIPT_COMMIT");
  }
  const hits = verifySearch(hasher, indexRoot, request, receipt.proof);
  if (!hits.ok) return hits;
  const proved = withRecords(hasher, certified.value, hits.value, receipt);
  if (!proved.ok) return proved;
  return accept({ hits: proved.value, commit: number - 1n, indexRoot, namedTime: time });
}

/** A hit's record must stand in the hit's slot and be a publication. */
function withRecords(
  hasher: Hasher,
  certified: Statement,
  hits: readonly SearchHit[],
  { records }: SearchReceipt,
): Outcome<readonly ProvedHit[]> {
  const proved: ProvedHit[] = [];
  for (const hit of hits) {
    const held = records.find(({ slot }) => slot === hit.slot);
    if (held === undefined) {
      proved.push({ ...hit, record: undefined });
      continue;
    }
    const refused = reject("LEDGER_RECEIPT_RECORD", { slot: String(hit.slot) });
    if (!stands(hasher, certified, held)) return refused;
    const read = decodeStored(held.stored);
    if (!read.ok) return read;
    const { record } = read.value;
    const { payload } = record;
    if (payload.kind !== "publish") return refused;
    proved.push({ ...hit, record: { ...record, payload } });
  }
  return accept(proved);
}

function stands(
  hasher: Hasher,
  { vectorRoot, vectorSize }: Statement,
  { slot, stored, path: proof }: SearchReceipt["records"][number],
): boolean {
  return verifyInclusion(hasher, vectorRoot, {
    leafHash: leafHash(hasher, stored),
    index: Number(slot),
    size: Number(vectorSize),
    proof,
  });
}

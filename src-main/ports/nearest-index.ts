/**
 * Decides what the node asks of a structure that finds near vectors quickly. It names candidates
 * and nothing more: whoever asked measures them again with exact integers, so a wrong one costs
 * time and a missing one is looked for by the committed search.
 */

/** Candidates asked for at once: a hundred hits, and some to choose from. */
export const CANDIDATES_MAX = 1_024;

/** A structure over the entries of one collection. Slots are below 2^53. */
export interface NearestIndex {
  /** Entries it holds. */
  readonly entries: number;
  /** What comes before the first `add`, in steps of some milliseconds; nothing where absent. */
  readonly prepare?: () => Iterable<undefined>;
  /** Takes entries in; `embeddings` holds theirs one after another. A slot comes once. */
  add(slots: readonly number[], embeddings: Int8Array): void;
  /** Forgets an entry. */
  remove(slot: number): void;
  /** Slots that are near the query, in no order that counts; at most `count` ≤ 1,024. */
  nearest(query: Int8Array, count: number): readonly number[];
}

/** What makes them. */
export interface NearestIndexMaker {
  /** As the log and `vivian doctor` name it. */
  readonly name: string;
  /** Embeddings that it learns the shape of a collection from; 0 where it learns nothing. */
  readonly sampleWanted: number;
  /** Memory that an entry takes, about. */
  bytesPerEntry(dimension: number): number;
  /** @param sample  so many embeddings of the collection, or fewer, one after another */
  make(dimension: number, sample: Int8Array): NearestIndex;
}

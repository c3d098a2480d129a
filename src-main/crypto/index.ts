/** The face of the crypto room: hashes, trees, keys and signatures. */
export { DIGEST_BYTES, sha256, taggedHash } from "./hasher.ts";
export type { Hasher } from "./hasher.ts";
export { consistencyProof, consistencyRanges, verifyConsistency } from "./merkle/consistency.ts";
export type { ConsistencyClaim } from "./merkle/consistency.ts";
export { MerkleFrontier } from "./merkle/frontier.ts";
export type { OnSubtree } from "./merkle/frontier.ts";
export {
  inclusionProof,
  inclusionRanges,
  rootFromInclusionPath,
  verifyInclusion,
} from "./merkle/inclusion.ts";
export type { InclusionPath } from "./merkle/inclusion.ts";
export { emptyRoot, leafHash, nodeHash } from "./merkle/node-hashes.ts";
export { merkleRoot, rangeHash, rootFromLeafHashes } from "./merkle/subtrees.ts";
export type { LeafRange, ReadSubtree } from "./merkle/subtrees.ts";

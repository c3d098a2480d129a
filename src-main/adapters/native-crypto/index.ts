/** The face of the native crypto adapter. */
export { chooseBlockTree } from "./block-tree.ts";
export type { BlockTreeBinding, BlockTreeHashing } from "./block-tree.ts";
export { chooseHashPairs, hashPairsOneByOne } from "./hash-pairs.ts";
export type { BatchBinding, PairHashing } from "./hash-pairs.ts";
export { nativeSha256 } from "./sha256.ts";

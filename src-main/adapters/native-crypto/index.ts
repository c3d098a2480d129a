/** The face of the native crypto adapter. */
export { chooseHashPairs, hashPairsOneByOne } from "./hash-pairs.ts";
export type { BatchBinding, PairHashing } from "./hash-pairs.ts";
export { nativeSha256 } from "./sha256.ts";

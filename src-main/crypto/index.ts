/** The face of the crypto room: hashes, trees, keys and signatures. */
export { ADDRESS_BYTES, addressOfPublicKey, addressToText, parseAddress } from "./address.ts";
export {
  ED25519_KEY_BYTES,
  ED25519_SIGNATURE_BYTES,
  ed25519PublicKey,
  ed25519Sign,
  ed25519Verify,
  isEd25519PublicKey,
} from "./ed25519.ts";
export {
  defineTypedStruct,
  DOMAIN_NAME,
  DOMAIN_VERSION,
  domainSeparator,
  structHash,
  typedDigest,
  walletRequest,
} from "./eip712.ts";
export type {
  TypedField,
  TypedFieldType,
  TypedStruct,
  TypedValue,
  WalletRequest,
} from "./eip712.ts";
export { DIGEST_BYTES, sha256, taggedHash } from "./hasher.ts";
export type { Hasher } from "./hasher.ts";
export { HKDF_BYTES_MAX, hkdfSha256 } from "./hkdf.ts";
export type { HkdfInput } from "./hkdf.ts";
export { keccak256 } from "./keccak.ts";
export type { Keccak } from "./keccak.ts";
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
export { emptyRoot, leafHash, leafHashes, nodeHash } from "./merkle/node-hashes.ts";
export { merkleRoot, rangeHash, rootFromLeafHashes } from "./merkle/subtrees.ts";
export type { LeafRange, ReadSubtree } from "./merkle/subtrees.ts";
export { scryptKey } from "./scrypt.ts";
export type { ScryptCost } from "./scrypt.ts";
export { openSealed, SEAL_RANDOM_BYTES, SEALED_EXTRA_BYTES, sealTo } from "./sealed-box.ts";
export {
  addressOfSecretKey,
  isCanonicalSignature,
  isDigestBelowOrder,
  nobleSignatures,
  SIGNATURE_BYTES,
  V_EVEN,
} from "./secp256k1.ts";
export type { SignatureBackend } from "./secp256k1.ts";
export { checkSecretKey, isSecretKey, SECRET_KEY_BYTES } from "./secret-keys.ts";
export type { SecretKeyCurve } from "./secret-keys.ts";
export { VRF_OUTPUT_BYTES, VRF_PROOF_BYTES, vrfOutput, vrfProve, vrfVerify } from "./vrf.ts";
export {
  isX25519PublicKey,
  X25519_KEY_BYTES,
  x25519PublicKey,
  x25519SharedSecret,
} from "./x25519.ts";
export {
  CIPHER_KEY_BYTES,
  CIPHER_NONCE_BYTES,
  CIPHER_TAG_BYTES,
  decryptWithKey,
  encryptWithKey,
} from "./xchacha20-poly1305.ts";

/**
 * Decides the fields of payloads that publish: data sets, models, daily energy roots; and those
 * that keep content from all but its readers (ARCHITECTURE.md section 17, "Payload kinds").
 */

import { enumeration, fixedBytes, list, text, u32, u64, varBytes } from "../../codec/index.ts";
import {
  ABOUT_BYTES_MAX,
  COLLECTION_BYTES_MAX,
  EMBEDDING_BYTES_MAX,
  NAME_BYTES_MAX,
  SEALED_BYTES_MAX,
  TAG_BYTES_MAX,
  TAGS_MAX,
  WRAPPED_KEY_BYTES_MAX,
} from "../limits.ts";

const address = fixedBytes(20);
const digest = fixedBytes(32);

/** The Merkle root of an account's energy rows of one day, counted from 1970-01-01 UTC. */
export const energyAnchorFields = { day: u32, root: digest, rows: u32 } as const;

/** What a publication describes; a search may ask for one. */
export const publicationCodec = enumeration({ dataset: 0, model: 1, job: 2, other: 3 });

/** Describes content by its digest; with a collection, its embedding can be searched for. */
export const publishFields = {
  what: publicationCodec,
  name: text(NAME_BYTES_MAX),
  content: digest,
  about: text(ABOUT_BYTES_MAX),
  tags: list(text(TAG_BYTES_MAX), TAGS_MAX),
  collection: text(COLLECTION_BYTES_MAX),
  embedding: varBytes(EMBEDDING_BYTES_MAX),
} as const;

/** Takes the publication in a slot back. */
export const retractFields = { slot: u64 } as const;

/** An account's X25519 public key, for what is sealed to it. */
export const encryptionKeyFields = { key: digest } as const;

/** Content under the subject's key of that epoch. */
export const sealedFields = {
  subject: digest,
  keyEpoch: u32,
  contentNonce: fixedBytes(24),
  ciphertext: varBytes(SEALED_BYTES_MAX),
} as const;

/** Gives an account the subject's key of that epoch, sealed to its encryption key. */
export const grantFields = {
  subject: digest,
  keyEpoch: u32,
  to: address,
  wrapped: varBytes(WRAPPED_KEY_BYTES_MAX),
} as const;

/** Takes a grant back; what is sealed from then on needs the next key epoch. */
export const revokeFields = { subject: digest, to: address } as const;

/**
 * Decides when something is published: with a collection it can be searched for, and then its
 * embedding has the dimension that the collection's first one fixed.
 */

import { encode } from "../../codec/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { TEXT_EMBEDDING_DIMENSION } from "../index/text-embedding.ts";
import type { PayloadOf } from "../records/payloads.ts";
import { chargeDeposit, NO_DEPOSIT } from "./deposits.ts";
import type { StateOverlay } from "./overlay.ts";
import type { Rule } from "./rule.ts";
import { COLLECTIONS, PUBLICATIONS, publicationId, publicationRowCodec } from "./rows-published.ts";

/**
 * @rejects LEDGER_PUBLICATION_NAME, LEDGER_EMBEDDING_ABSENT, LEDGER_EMBEDDING_ALONE,
 *          LEDGER_EMBEDDING_SIZE, LEDGER_DEPOSIT_SHORT
 */
export const applyPublish: Rule<"publish"> = (overlay, sender, payload, context) => {
  if (payload.name.length === 0) return reject("LEDGER_PUBLICATION_NAME");
  const placed = placeEmbedding(overlay, payload);
  if (!placed.ok) return placed;
  const { what, content, collection } = payload;
  const row = { publisher: sender.account, what, content, collection, deposit: NO_DEPOSIT };
  const bytes = encode(publicationRowCodec, row).length;
  const deposit = chargeDeposit(overlay, sender.account, bytes, context);
  if (!deposit.ok) return deposit;
  overlay.write(PUBLICATIONS, publicationId(sender.slot), { ...row, deposit: deposit.value });
  return accept([{ kind: "published", collection }]);
};

/** Collections of what `text-1` makes of words; their dimension is its. */
const WORDS_ENDING = ".text-1";

/** Founds the collection with its first embedding. */
function placeEmbedding(
  overlay: StateOverlay,
  { collection, embedding }: PayloadOf<"publish">,
): Outcome<undefined> {
  if (collection === "") {
    return embedding.length === 0 ? accept(undefined) : reject("LEDGER_EMBEDDING_ALONE");
  }
  if (embedding.length === 0) return reject("LEDGER_EMBEDDING_ABSENT");
  // Else whoever comes first could give a collection of words another dimension for good.
  const ofWords = collection.endsWith(WORDS_ENDING);
  if (ofWords && embedding.length !== TEXT_EMBEDDING_DIMENSION) {
    const facts = { dimension: TEXT_EMBEDDING_DIMENSION, given: embedding.length };
    return reject("LEDGER_EMBEDDING_SIZE", facts);
  }
  const id = collectionId(overlay, collection);
  const known = overlay.read(COLLECTIONS, id);
  if (known === undefined) {
    overlay.write(COLLECTIONS, id, { name: collection, dimension: embedding.length });
    return accept(undefined);
  }
  if (known.dimension === embedding.length) return accept(undefined);
  return reject("LEDGER_EMBEDDING_SIZE", {
    dimension: known.dimension,
    given: embedding.length,
  });
}

/** Id of a collection's row: SHA-256 of its name. */
export function collectionId({ hasher }: Pick<StateOverlay, "hasher">, name: string): Uint8Array {
  return hasher(new TextEncoder().encode(name));
}

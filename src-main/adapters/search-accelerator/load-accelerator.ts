/**
 * Decides whether this machine can read the similarity index faster: `usearch` loads, and finds
 * what is plainly near. Without it every search is answered from the committed index.
 */

import { Fault } from "../../contract/outcome.ts";
import type { NearestIndexMaker } from "../../ports/nearest-index.ts";
import { graphMaker } from "./graph-index.ts";
import type { UsearchModule } from "./graph-index.ts";

/** What makes graphs here, or why nothing does. */
export type LoadedAccelerator =
  | { readonly maker: NearestIndexMaker; readonly fault: undefined }
  | { readonly maker: undefined; readonly fault: Fault };

/** Entries and numbers of the trial. */
const TRIAL_ENTRIES = 64;
const TRIAL_DIMENSION = 16;

/**
 * Loads and tries it. Never throws.
 * @param load  another module in tests
 * @returns     a maker; or a Fault SEARCH_ACCELERATOR_ABSENT where it does not load,
 *              SEARCH_ACCELERATOR_DISAGREES where it does not find what is there
 */
export async function loadAccelerator(
  load: () => Promise<UsearchModule> = () => import("usearch"),
): Promise<LoadedAccelerator> {
  let maker: NearestIndexMaker;
  try {
    maker = graphMaker(await load());
  } catch (error) {
    return { maker: undefined, fault: faultOf("SEARCH_ACCELERATOR_ABSENT", error) };
  }
  try {
    const missed = trial(maker);
    if (missed === "") return { maker, fault: undefined };
    throw new Error(missed);
  } catch (error) {
    return { maker: undefined, fault: faultOf("SEARCH_ACCELERATOR_DISAGREES", error) };
  }
}

/** Finds each of a few entries by itself, and no longer the one that was removed. */
function trial(maker: NearestIndexMaker): string {
  const index = maker.make(TRIAL_DIMENSION, new Int8Array(0));
  const slots = Array.from({ length: TRIAL_ENTRIES }, (_, at) => 2 ** 40 + at);
  const embeddings = Int8Array.from(
    { length: TRIAL_ENTRIES * TRIAL_DIMENSION },
    (_, at) => (Math.imul(at + 1, 0x9e3779b1) >> 24) | 0,
  );
  index.add(slots, embeddings);
  const query = (at: number) =>
    embeddings.subarray(at * TRIAL_DIMENSION, (at + 1) * TRIAL_DIMENSION);
  const lost = slots.filter((slot, at) => index.nearest(query(at), 1).at(0) !== slot);
  if (lost.length > 0) return `${lost.length} of ${TRIAL_ENTRIES} entries are not found`;
  index.remove(slots[0]);
  const still = index.nearest(query(0), TRIAL_ENTRIES).includes(slots[0]);
  return still || index.entries !== TRIAL_ENTRIES - 1 ? "a removed entry is still found" : "";
}

function faultOf(
  code: "SEARCH_ACCELERATOR_ABSENT" | "SEARCH_ACCELERATOR_DISAGREES",
  error: unknown,
): Fault {
  const reason = error instanceof Error ? error.message : String(error);
  return new Fault(code, reason, {}, error);
}

/** Loaded when it is first needed; one process needs one. */
let loaded: Promise<LoadedAccelerator> | undefined;

/** The accelerator of this process. */
export function searchAccelerator(): Promise<LoadedAccelerator> {
  return (loaded ??= loadAccelerator());
}

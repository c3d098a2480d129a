/**
 * Decides which sponsored jobs the practice network lists. A listing fixes the whole specification
 * but its seed; whoever submits one builds the same bytes again from this table.
 */

import { DIGITS_DATASET_ROOT, DIGITS_SPLIT } from "../../adapters/datasets/index.ts";
import { hexToBytes } from "../../contract/bytes.ts";
import type { Listing } from "../../contract/control-api/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import {
  DIGITS_CNN,
  DIGITS_CNN_STEPS,
  DIGITS_TINY,
  DIGITS_TINY_STEPS,
} from "../../engine/index.ts";
import type { ModelConfig } from "../../engine/index.ts";
import type { GenesisListing } from "../../ledger/index.ts";
import { templateHash } from "../../learning/index.ts";
import type { JobSpecification } from "../../learning/index.ts";
import { buildSpecification } from "../../miner/index.ts";

/** Units each listing may pay for before its cap is reached. */
const UNITS_PER_LISTING = 1_000_000n;

/** A job anyone may submit by its name. */
export interface SponsoredJob {
  readonly name: string;
  readonly about: string;
  readonly model: ModelConfig;
  readonly steps: number;
}

/** In the order of the genesis; listing n of a record is the n-th here, counted from 1. */
export const SPONSORED_JOBS: readonly SponsoredJob[] = [
  {
    name: "digits-cnn",
    about: "a small convolutional network that reads handwritten digits (MNIST, 10 000 images)",
    model: DIGITS_CNN,
    steps: DIGITS_CNN_STEPS,
  },
  {
    name: "digits-tiny",
    about: "the same in small, for a machine without the native engine; no accuracy is promised",
    model: DIGITS_TINY,
    steps: DIGITS_TINY_STEPS,
  },
];

/** The specification that a submission of this job carries. */
export function sponsoredSpecification(
  hasher: Hasher,
  job: SponsoredJob,
  seed: Uint8Array,
): JobSpecification {
  return buildSpecification(hasher, {
    model: job.model,
    steps: job.steps,
    datasetRoot: hexToBytes(DIGITS_DATASET_ROOT),
    ...DIGITS_SPLIT,
    seed,
  });
}

/** The jobs as the control API lists them. */
export function offeredListings(hasher: Hasher): Listing[] {
  return SPONSORED_JOBS.map((job) => {
    const { steps, unitPriceBase } = sponsoredSpecification(hasher, job, new Uint8Array(32));
    return { name: job.name, about: job.about, steps, priceBase: String(unitPriceBase) };
  });
}

/** The listings of a new practice network. */
export function practiceListings(hasher: Hasher): GenesisListing[] {
  return SPONSORED_JOBS.map((job) => {
    const specification = sponsoredSpecification(hasher, job, new Uint8Array(32));
    return {
      name: job.name,
      templateHash: templateHash(hasher, specification),
      unitPriceBase: specification.unitPriceBase,
      mintCapBase: UNITS_PER_LISTING * specification.unitPriceBase,
    };
  });
}

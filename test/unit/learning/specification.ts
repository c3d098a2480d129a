import type { JobSpecification } from "../../../src-main/learning/index.ts";

/** A sound specification of 60 segments, for tests to change. */
export function specification(): JobSpecification {
  return {
    version: 1,
    seedRule: 1,
    seed: new Uint8Array(32).fill(7),
    model: '{"model":"test"}',
    programHash: new Uint8Array(32).fill(1),
    profile: new Uint8Array(32).fill(2),
    datasetRoot: new Uint8Array(32).fill(3),
    trainFirst: 0,
    trainCount: 800,
    holdoutFirst: 900,
    holdoutCount: 100,
    batchSize: 32,
    steps: 600,
    segmentLength: 10,
    sampledSegments: 5,
    fullReplayPermille: 50,
    startRoot: new Uint8Array(32),
    sealWindowMs: 600_000,
    verdictWindowMs: 300_000,
    unitPriceBase: 10n ** 18n,
    unitBondBase: 10n ** 19n,
    visibility: 0,
    energyTier: 0,
  };
}

import { afterAll, describe, expect, it } from "vitest";
import { nativeSha256 } from "../../src-main/adapters/native-crypto/index.ts";
import {
  challengeAlpha,
  detectionOdds,
  drawSegments,
  segmentCount,
} from "../../src-main/learning/index.ts";
import { makeSmallJob } from "../integration/miner/small-job.ts";
import { proveVerifier } from "./cheat-network.ts";

/** The policy of a submitted job: segments, sample and full replays as `job submit` sets them. */
const job = makeSmallJob(570, 57, { sampledSegments: undefined });
afterAll(() => job.remove());
const { spec } = job;
const count = segmentCount(spec);

const BEACONS = 20_000;
const { output } = proveVerifier(challengeAlpha(job.unit, new Uint8Array(32)));

/** How many of many beacons draw at least one of the wrong segments. */
function caught(wrong: ReadonlySet<number>): number {
  let times = 0;
  const number = new Uint8Array(4);
  for (let at = 0; at < BEACONS; at += 1) {
    new DataView(number.buffer).setUint32(0, at);
    const { segments } = drawSegments(nativeSha256, nativeSha256(number), output, spec);
    times += Number(segments.some((segment) => wrong.has(segment)));
  }
  return times / BEACONS;
}

const exact = (wrong: number) => {
  const { numerator, denominator } = detectionOdds(spec, wrong);
  return Number((numerator * 1_000_000n) / denominator) / 1_000_000;
};

// Five standard deviations of a share of 20,000 draws: the draws are fixed, so this never flickers.
const spread = (odds: number) => 5 * Math.sqrt((odds * (1 - odds)) / BEACONS);
const tenth = Math.ceil(count / 10);

describe("the sampling policy over 20,000 beacons", () => {
  it.each([
    ["one wrong segment, the first", [0], 0.1],
    ["one wrong segment, the last", [count - 1], 0.1],
    ["a tenth wrong, in one run", Array.from({ length: tenth }, (_, at) => at + 7), 0.2],
    ["a tenth wrong, spread out", Array.from({ length: tenth }, (_, at) => at * 9), 0.2],
  ])("meets %s as often as the exact odds say, and often enough", (_, wrong, least) => {
    const odds = exact(wrong.length);
    expect(odds).toBeGreaterThanOrEqual(least);
    expect(Math.abs(caught(new Set(wrong)) - odds)).toBeLessThan(spread(odds));
  });

  it("would be seen to fall short with one segment less in the sample", () => {
    const less = { ...spec, sampledSegments: spec.sampledSegments - 1 };
    const { numerator, denominator } = detectionOdds(less, 1);
    expect(numerator * 10n).toBeLessThan(denominator);
  });

  it("keeps a job's bond above ten prices", () => {
    expect(spec.unitBondBase).toBeGreaterThanOrEqual(10n * spec.unitPriceBase);
  });
});

/** A worker that opens other inner digests than those it sealed, or another segment's. */

import type { PayloadOf } from "../../../src-main/ledger/index.ts";
import type { RecordCheat } from "../forging-ledger.ts";

type Openings = PayloadOf<"inner-open">["openings"];

const opening = (change: (openings: Openings) => Openings): RecordCheat => ({
  async instead(payload) {
    if (payload.kind !== "inner-open") return payload;
    return { ...payload, openings: change(payload.openings) };
  },
});

export const otherInners = opening((openings) =>
  openings.map((one) => ({ ...one, inner: openings[0].inner })),
);

export const otherSegments = opening((openings) => openings.slice(1));

/** An imported data set as the importer reports it, for tests of what is planned on it. */

import type { OwnData } from "../../../../src-main/contract/control-api/index.ts";
import type { ImportedSet } from "../../../../src-main/processes/daemon/import-messages.ts";

/** A table of 135 training rows of four numbers in three classes. */
export const SAMPLE_DATA: OwnData = {
  name: "iris.csv",
  kind: "table",
  height: 1,
  width: 4,
  channels: 1,
  classNames: ["setosa", "versicolor", "virginica"],
  classes: 3,
  trainCount: 135,
  holdoutCount: 15,
  note: "150 rows of 4 numbers, 3 classes; every tenth of each class held out (15)",
  text: null,
};

/** That table; `fields` change its data. */
export function sampleSet(fields: Partial<OwnData> = {}, encoding = 1): ImportedSet {
  return {
    blob: new Uint8Array(32).fill(1),
    root: new Uint8Array(32).fill(2),
    encoding,
    trainFirst: 0,
    holdoutFirst: fields.trainCount ?? SAMPLE_DATA.trainCount,
    data: { ...SAMPLE_DATA, ...fields },
    columns: [],
    vocabulary: [],
  };
}

/** 9,000 grey images of 28 × 28 in ten classes. */
export function imageSet(): ImportedSet {
  const shape = { kind: "images", height: 28, width: 28, channels: 1, classes: 10 } as const;
  return sampleSet({ ...shape, classNames: [], trainCount: 9_000, holdoutCount: 1_000 }, 0);
}

/** A text of some 300,000 bytes in blocks of 128. */
export function textSet(): ImportedSet {
  const shape = { name: "tales.txt", kind: "text", width: 128, classes: 256 } as const;
  const text = { tokens: "bytes", context: 128, holdoutBytes: 29_952 } as const;
  const counts = { trainCount: 2_109, holdoutCount: 234 };
  return sampleSet({ ...shape, ...counts, text, classNames: [] }, 2);
}

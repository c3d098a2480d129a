/** A job on a small table of the owner's, trained and paid. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type { UnitResult } from "../../../src-main/contract/control-api/index.ts";
import type { TestHome } from "../processes/run-vivian.ts";

/** What was trained, and where it stands. */
export interface TrainedTable {
  readonly job: string;
  readonly data: string;
  readonly modelBlob: string;
  /** Slot of the record that settled it. */
  readonly slot: number;
}

/** Has a table of two classes trained by the folder's daemon. */
export async function trainedTable(home: TestHome): Promise<TrainedTable> {
  const data = join(home.root, "table.csv");
  const rows = Array.from({ length: 40 }, (_, row) => `${"ab"[row % 2]},${row},${(row * 7) % 5}`);
  writeFileSync(data, `${rows.join("\n")}\n`);
  const words = ["job", "submit", "--data", data, "--steps", "60", "--watch", "--json"];
  const ran = await home.run(words);
  if (ran.code !== 0) throw new Error(ran.stderr);
  const { job, result } = JSON.parse(ran.stdout) as { job: string; result: UnitResult };
  const { modelBlob, slot } = result;
  if (modelBlob === null || slot === null) throw new Error("the job was paid");
  return { job, data, modelBlob, slot };
}

/** Where the folder keeps a blob. */
export function blobPathOf(home: TestHome, hash: string): string {
  return join(home.folder.blobs, hash.slice(0, 2), hash);
}

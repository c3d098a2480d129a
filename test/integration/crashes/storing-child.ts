/** A process that stores commits and says so after each. Arguments: folder, commits. */

import { writeSync } from "node:fs";
import { openDiskLedger } from "../../../src-main/adapters/disk/index.ts";
import { storeCommit } from "./store-commits.ts";

const [folder, commits] = process.argv.slice(2);
// Small, so that the trace has entry files that begin.
const store = await openDiskLedger({ folder, segmentBytes: 4_000 });
await store.begin(new TextEncoder().encode("genesis"), []);
for (let number = 1; number <= Number(commits); number += 1) {
  await store.append(storeCommit(number));
  writeSync(1, `acknowledged ${number}\n`);
}
await store.close();

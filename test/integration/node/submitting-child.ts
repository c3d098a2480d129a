/**
 * A process that submits transfers as fast as they are sealed and writes "nonce slot" for each that
 * is acknowledged. Arguments: folder, step to die at ("" for none), occurrence.
 */

import { writeSync } from "node:fs";
import { crashingDisk } from "./crashing-disk.ts";
import { openNode, OWNER, transfer } from "./practice-node.ts";

const [folder, step, occurrence] = process.argv.slice(2);
const disk = step === "" ? {} : { disk: crashingDisk(step, Number(occurrence)) };
const { node } = await openNode(folder, disk);
writeSync(1, "open\n");
const submitOne = async (nonce: bigint): Promise<void> => {
  const outcome = await node.submit(transfer(nonce));
  if (outcome.ok) writeSync(1, `${nonce} ${outcome.value.slot}\n`);
  else writeSync(2, `${nonce} ${outcome.rejection.code}\n`);
};
for (let nonce = node.nextNonce(OWNER, 0); ; nonce += 5n) {
  await Promise.all([0n, 1n, 2n, 3n, 4n].map((more) => submitOne(nonce + more)));
}

/** A verifier that calls honest work wrong, in the form an honest accusation has. */

import { readDatasetFile } from "../../../src-main/adapters/datasets/index.ts";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { serveVerifier } from "../../../src-main/miner/index.ts";
import type { VerifierReport } from "../../../src-main/miner/index.ts";
import { openBackend } from "../../../src-main/processes/open-backend.ts";
import { openParentPort } from "../../../src-main/processes/parent-port.ts";
import { workClock } from "../../../src-main/processes/work-clock.ts";

const port = openParentPort();

function accusing(report: VerifierReport): VerifierReport {
  if (report.kind !== "verdict") return report;
  const inners = report.inners.map((inner, at) => (at < 3 ? inner : new Uint8Array(32)));
  return { ...report, verdict: "LEARNING_BATCH_MISMATCH", segment: 3, inners };
}

serveVerifier(
  { ...port, send: (message) => port.send(accusing(message as VerifierReport)) },
  { hasher: nativeSha256, clock: workClock, openBackend, readDataset: readDatasetFile },
);

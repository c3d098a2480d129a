/** `vivian rules list|preview|keys|set-file`: when work runs, and what decides it. */

import type { Command } from "commander";

import { RULE_KEYS } from "../../energy/rules/index.ts";
import { dataHome, makeDataFolder } from "../config/data-folder.ts";
import {
  configSource,
  configText,
  writeConfigText,
  writeFolderConfig,
} from "../config/load-config.ts";
import { parseConfig } from "../config/parse-config.ts";
import { withRules } from "../config/rule-tables.ts";
import { need } from "./failure.ts";
import { needFile } from "./read-words.ts";
import { previewLines, ruleKeyLines, rulesLines } from "./rules-lines.ts";
import { answer, openSession, tryConnect, withDaemon } from "./session.ts";

/** Longest file of rules: 32 of them with all their comments. */
const RULES_BYTES_MAX = 65_536;

interface RulesOptions {
  readonly json?: boolean;
}

/** Adds the verb and its parts. */
export function addRules(program: Command): void {
  const rules = program.command("rules").description("when work runs, and what decides it");
  rules
    .command("list", { isDefault: true })
    .description("show whether anything holds work, and each rule in a line")
    .option("--json", "answer as JSON")
    .action((options: RulesOptions) => list(options));
  rules
    .command("preview")
    .description("show what each rule would do now, with the figures it goes by")
    .option("--json", "answer as JSON")
    .action(async (options: RulesOptions) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const preview = need(await client.call("rules.preview", {}));
        answer(session, preview, previewLines(preview));
      });
    });
  rules
    .command("keys")
    .description("list the keys of a rule")
    .option("--json", "answer as JSON")
    .action((options: RulesOptions) => {
      const keys = RULE_KEYS.map(({ name, about, allowed }) => ({ name, about, allowed }));
      answer(openSession(options), { keys }, ruleKeyLines());
    });
  rules
    .command("set-file")
    .argument("<file>", "TOML with tables [[rules]] and nothing else")
    .description("put these rules in place of those in the settings")
    .option("--json", "answer as JSON")
    .action((file: string, options: RulesOptions) => setFile(file, options));
}

async function list(options: RulesOptions): Promise<void> {
  const session = openSession(options);
  await withDaemon(session, async (client) => {
    const state = need(await client.call("rules.state", {}));
    const preview = need(await client.call("rules.preview", {}));
    answer(session, { state, preview }, rulesLines(state, preview));
  });
}

async function setFile(path: string, options: RulesOptions): Promise<void> {
  const session = openSession(options);
  const { file } = configSource(dataHome());
  makeDataFolder(session.folder);
  writeFolderConfig(session.folder.home);
  const changed = need(
    withRules(need(configText(file)), new TextDecoder().decode(needFile(path, RULES_BYTES_MAX))),
  );
  const { rules } = need(parseConfig(changed));
  writeConfigText(file, changed);
  const client = await tryConnect(session);
  client?.close();
  const names = rules.map(({ name }) => name);
  const words = names.length === 0 ? "No rules now." : `Rules now: ${names.join(", ")}.`;
  const next =
    client === null
      ? "The daemon reads them when it starts."
      : "The daemon that runs keeps the former ones until it is started again.";
  answer(session, { file, rules: names }, [`${words} ${next}`]);
}

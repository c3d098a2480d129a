import { describe, expect, it } from "vitest";

import {
  defaultConfigText,
  parseConfig,
} from "../../../../src-main/processes/config/parse-config.ts";
import { RULES_ABOUT, withRules } from "../../../../src-main/processes/config/rule-tables.ts";

const RULES = '[[rules]]\nname = "day"\nthen = "pause"\nhours = "06:00-22:00"\n';

describe("parseConfig", () => {
  it("reads rules, and refuses an unknown key of one with the nearest", () => {
    expect(parseConfig(RULES)).toMatchObject({ ok: true, value: { rules: [{ name: "day" }] } });
    const wrong = parseConfig(`${RULES}weekday = ["mon"]\n`);
    expect(wrong).toMatchObject({
      rejection: { code: "ENERGY_RULE_KEY", facts: { key: "weekday", nearest: "weekdays" } },
    });
    expect(parseConfig("rules = 5")).toMatchObject({ rejection: { code: "ENERGY_RULE_VALUE" } });
  });

  it("reads the examples of the generated file as they stand there", () => {
    const examples = RULES_ABOUT.filter((line) => /^# (\[\[|[a-z_]+ = )/.test(line));
    const text = examples.map((line) => line.slice(2)).join("\n");
    expect(parseConfig(text)).toMatchObject({
      value: { rules: [{ name: "sun" }, { name: "early" }] },
    });
  });
});

describe("withRules", () => {
  it("puts rules in place of those that were there and leaves the rest alone", () => {
    const meter = '[[meters]]\nid = "p"\nkind = "shelly"\nurl = "http://10.0.0.2"\n';
    const settings = `${defaultConfigText()}\n${RULES}\n${meter}`;
    const night = '[[rules]]\nname = "night"\nthen = "run"\n';
    const replaced = withRules(settings, night);
    expect(replaced.ok && parseConfig(replaced.value)).toMatchObject({
      value: { rules: [{ name: "night" }], meters: [{ id: "p" }], network: "practice" },
    });
    const cleared = withRules(RULES, "# none\n");
    expect(cleared.ok && parseConfig(cleared.value)).toMatchObject({ value: { rules: [] } });
  });

  it("refuses a file that holds anything else, or rules that mean nothing", () => {
    const codeOf = (text: string) => {
      const outcome = withRules("", text);
      return outcome.ok ? null : outcome.rejection.code;
    };
    expect(codeOf('network = "practice"\n')).toBe("PROCESSES_CONFIG_KEY");
    expect(codeOf("[[rules]\n")).toBe("PROCESSES_CONFIG_SYNTAX");
    expect(codeOf('[[rules]]\nname = "x"\nthen = "fly"\n')).toBe("ENERGY_RULE_VALUE");
  });
});

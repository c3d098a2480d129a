import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  configKey,
  editConfig,
  typedValue,
} from "../../../../src-main/processes/config/edit-config.ts";
import { CONFIG_KEYS, keyPath } from "../../../../src-main/processes/config/keys.ts";
import type { ConfigValue } from "../../../../src-main/processes/config/config-key.ts";
import {
  configValues,
  defaultConfigText,
} from "../../../../src-main/processes/config/parse-config.ts";

function keyOf(path: string) {
  const key = configKey(path);
  if (!key.ok) throw new Error(path);
  return key.value;
}

function edited(text: string, path: string, value: ConfigValue): string {
  const outcome = editConfig(text, keyOf(path), value);
  if (!outcome.ok) throw new Error(outcome.rejection.code);
  return outcome.value;
}

const codeOf = (outcome: ReturnType<typeof editConfig>) =>
  outcome.ok ? "" : outcome.rejection.code;

describe("editConfig", () => {
  it("changes the key's line and leaves every other as it was", () => {
    const before = defaultConfigText();
    const after = edited(before, "mining.threads", 3);
    const lines = after.split("\n");
    const changed = before.split("\n").flatMap((line, at) => (line === lines[at] ? [] : [at]));
    expect(changed.map((at) => lines[at])).toEqual(["threads = 3"]);
  });

  it("adds the line to its table, or the table to the end", () => {
    const text = "# mine\n[mining]\nstart = false\n[page]\nport = 8080\n";
    expect(edited(text, "mining.threads", 3)).toContain("[mining]\nthreads = 3\nstart = false\n");
    expect(edited(text, "log.level", "warn")).toBe(`${text}\n[log]\nlevel = "warn"\n`);
    expect(edited("", "log.level", "warn")).toBe('[log]\nlevel = "warn"\n');
    expect(edited(text, "payoutAddress", "")).toBe(`payoutAddress = ""\n${text}`);
  });

  it("sets any key of the standards to any value it allows, and nothing else", () => {
    const values: readonly ConfigValue[] = [true, false, 0, 7, 65_536, 5_000, "warn", "wasm", ""];
    const pick = fc.tuple(fc.constantFrom(...CONFIG_KEYS), fc.constantFrom(...values));
    fc.assert(
      fc.property(pick, ([key, value]) => {
        fc.pre(key.allows(value));
        const text = edited(defaultConfigText(), keyPath(key), value);
        const read = configValues(text);
        expect(read.ok && read.value.get(keyPath(key))).toBe(value);
      }),
    );
  });

  it("refuses what one line cannot change, and what would be refused at the next start", () => {
    const inline = "mining = { threads = 2 }\n";
    expect(codeOf(editConfig(inline, keyOf("mining.threads"), 3))).toBe("PROCESSES_CONFIG_EDIT");
    const dotted = "mining.threads = 2\n";
    expect(codeOf(editConfig(dotted, keyOf("mining.threads"), 3))).toBe("PROCESSES_CONFIG_EDIT");
    const open = editConfig("", keyOf("page.metrics_listen"), "0.0.0.0:9464");
    expect(codeOf(open)).toBe("PROCESSES_METRICS_OPEN");
    expect(codeOf(editConfig("x = 1", keyOf("mining.threads"), 3))).toBe("PROCESSES_CONFIG_KEY");
  });
});

describe("typedValue", () => {
  it("reads what was typed as the key's own kind", () => {
    expect(typedValue(keyOf("mining.threads"), "4")).toEqual({ ok: true, value: 4 });
    expect(typedValue(keyOf("mining.start"), "false")).toEqual({ ok: true, value: false });
    expect(typedValue(keyOf("mining.adapter"), "4")).toEqual({ ok: true, value: "4" });
    for (const text of ["-1", "1.5", "four", "", "1e3"]) {
      expect(typedValue(keyOf("mining.threads"), text).ok, text).toBe(false);
    }
    expect(typedValue(keyOf("mining.start"), "yes").ok).toBe(false);
  });
});

describe("configKey", () => {
  it("names the nearest key for one that does not exist", () => {
    expect(configKey("mining.thread")).toMatchObject({
      rejection: { code: "PROCESSES_CONFIG_KEY", facts: { nearest: "mining.threads" } },
    });
  });
});

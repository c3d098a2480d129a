import { describe, expect, it } from "vitest";

import { CONFIG_KEYS, keyPath } from "../../../../src-main/processes/config/keys.ts";
import {
  defaultConfigText,
  parseConfig,
} from "../../../../src-main/processes/config/parse-config.ts";

const rejectionOf = (text: string) => {
  const outcome = parseConfig(text);
  return outcome.ok ? null : outcome.rejection;
};

describe("parseConfig", () => {
  it("gives the defaults for an empty file and for the generated one", () => {
    const defaults = parseConfig("");
    expect(defaults).toMatchObject({
      ok: true,
      value: { network: "practice", mining: { threads: 0 }, jobs: { first: "digits-cnn" } },
    });
    expect(parseConfig(defaultConfigText())).toEqual(defaults);
  });

  it("takes what is set and leaves the rest at its default", () => {
    const text = '[mining]\nthreads = 2\nengine = "reference"\n[log]\nbytes_max = 65536\n';
    expect(parseConfig(text)).toMatchObject({
      value: {
        mining: { threads: 2, engine: "reference", start: true },
        log: { bytesMax: 65_536, filesMax: 4 },
      },
    });
  });

  it("takes 0 or a port that a user may open for the page", () => {
    for (const port of [0, 1_024, 65_535]) {
      expect(parseConfig(`[page]\nport = ${port}`)).toMatchObject({ value: { page: { port } } });
    }
    for (const port of ["1", "80", "1023", "65536", "-1", "'8080'", "true"]) {
      const rejection = rejectionOf(`[page]\nport = ${port}`);
      expect(rejection?.code, port).toBe("PROCESSES_CONFIG_VALUE");
      expect(rejection?.facts?.["allowed"]).toContain("1024");
    }
  });

  it("refuses an unknown key with the nearest known one", () => {
    const cases: [string, string, string][] = [
      ["netwrok = 'practice'", "netwrok", "network"],
      ["[mining]\nthread = 2", "mining.thread", "mining.threads"],
      ["threads = 2", "threads", "mining.threads"],
      ["[minning]\nengine = 'auto'", "minning.engine", "mining.engine"],
      ["[log.level]\nx = 1", "log.level", "log.level"],
      ["[other]", "other", "jobs.first"],
    ];
    for (const [text, key, nearest] of cases) {
      const rejection = rejectionOf(text);
      expect(rejection?.facts?.["key"], text).toBe(key);
      if (rejection?.code === "PROCESSES_CONFIG_KEY" && key !== "other") {
        expect(rejection.facts?.["nearest"], text).toBe(nearest);
      }
    }
  });

  it("refuses values of a wrong type or out of bounds and says what is allowed", () => {
    const wrong = [
      'network = "mainnet"',
      "[mining]\nthreads = -1",
      "[mining]\nthreads = 1.5",
      '[mining]\nthreads = "2"',
      "[mining]\nstart = 1",
      "[jobs]\nfirst = ''",
      "[jobs]\nfirst = '../x'",
      "[log]\nfiles_max = 0",
      "mining = 3.0",
      "network = 1979-05-27",
    ];
    for (const text of wrong) {
      const rejection = rejectionOf(text);
      expect(rejection?.code, text).toMatch(/^PROCESSES_CONFIG_(VALUE|KEY)$/);
      if (rejection?.code === "PROCESSES_CONFIG_VALUE") {
        expect(rejection.facts?.["allowed"]).not.toBe("");
      }
    }
  });

  it("names line and column of a syntax error", () => {
    expect(rejectionOf("[mining]\nthreads = = 2\n")).toMatchObject({
      code: "PROCESSES_CONFIG_SYNTAX",
      facts: { line: 2 },
    });
    expect(rejectionOf("network = 'practice'\nnetwork = 'practice'")?.code).toBe(
      "PROCESSES_CONFIG_SYNTAX",
    );
  });

  it("does not take JavaScript's own names for keys", () => {
    expect(rejectionOf("constructor = 1")?.code).toBe("PROCESSES_CONFIG_KEY");
    expect(rejectionOf("[mining]\ntoString = 1")?.code).toBe("PROCESSES_CONFIG_KEY");
    expect(rejectionOf("__proto__ = 1")?.code).toBe("PROCESSES_CONFIG_KEY");
  });
});

describe("defaultConfigText", () => {
  it("documents every key", () => {
    const lines = defaultConfigText().split("\n");
    for (const key of CONFIG_KEYS) {
      const at = lines.findIndex((line) => line.startsWith(`${key.name} = `));
      expect(at, keyPath(key)).toBeGreaterThan(0);
      expect(lines[at - 1], keyPath(key)).toMatch(/^# /);
    }
  });
});

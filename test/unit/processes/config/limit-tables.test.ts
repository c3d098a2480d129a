import { describe, expect, it } from "vitest";

import { noLimits } from "../../../../src-main/energy/rules/index.ts";
import type { DeviceLimits } from "../../../../src-main/energy/rules/index.ts";
import { editLimits } from "../../../../src-main/processes/config/edit-config.ts";
import {
  limitPath,
  limitTables,
  limitValue,
  typedLimit,
} from "../../../../src-main/processes/config/limit-tables.ts";
import {
  defaultConfigText,
  parseConfig,
} from "../../../../src-main/processes/config/parse-config.ts";

const CARD: DeviceLimits = { device: "gpu-0", pauseCelsius: 78, watts: 180, on: true };

/** The limits of a text. */
function limitsOf(text: string): readonly DeviceLimits[] {
  const config = parseConfig(text);
  if (!config.ok) throw new Error(config.rejection.code);
  return config.value.limits;
}

/** The text after limits were set; it must be good. */
function edited(text: string, limits: DeviceLimits): string {
  const outcome = editLimits(text, limits);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.rejection));
  return outcome.value;
}

describe("limitTables", () => {
  it("reads each device's limits, and none where nothing is said", () => {
    expect(limitTables(undefined)).toEqual({ ok: true, value: [] });
    expect(limitTables([{ device: "gpu-0", pause_celsius: 78, watts: 180 }])).toEqual({
      ok: true,
      value: [CARD],
    });
    expect(limitTables([{ device: "cpu", on: false }])).toEqual({
      ok: true,
      value: [{ ...noLimits("cpu"), on: false }],
    });
  });

  it("refuses what would loosen a protection, what no device takes, and foreign keys", () => {
    const cases: readonly (readonly [object, string])[] = [
      [{ device: "gpu-0", pause_celsius: 84 }, "limits.gpu-0.pause_celsius"],
      [{ device: "gpu-0", pause_celsius: 29 }, "limits.gpu-0.pause_celsius"],
      [{ device: "gpu-0", pause_celsius: 70.5 }, "limits.gpu-0.pause_celsius"],
      [{ device: "gpu-0", watts: 0 }, "limits.gpu-0.watts"],
      [{ device: "gpu-0", watts: 10_001 }, "limits.gpu-0.watts"],
      [{ device: "gpu-0", on: "no" }, "limits.gpu-0.on"],
      [{ watts: 10 }, "limits.device"],
      [{ device: "../x" }, "limits.device"],
    ];
    for (const [table, key] of cases) {
      const refused = limitTables([table]);
      expect(refused, key).toMatchObject({
        ok: false,
        rejection: { code: "PROCESSES_CONFIG_VALUE", facts: { key } },
      });
    }
    expect(limitTables([{ device: "cpu" }, { device: "cpu" }])).toMatchObject({ ok: false });
    expect(limitTables([{ device: "cpu", wats: 3 }])).toMatchObject({
      rejection: { code: "PROCESSES_CONFIG_KEY", facts: { nearest: "limits.cpu.watts" } },
    });
    expect(limitTables({ cpu: 3 })).toMatchObject({ ok: false });
  });
});

describe("editLimits", () => {
  it("adds a table, changes it in its place, and takes it away again", () => {
    const first = edited(defaultConfigText(), CARD);
    expect(first.startsWith(defaultConfigText().trimEnd())).toBe(true);
    expect(limitsOf(first)).toEqual([CARD]);
    const both = edited(first, { ...noLimits("cpu"), watts: 60 });
    expect(limitsOf(both)).toHaveLength(2);
    const cooler = edited(both, { ...CARD, pauseCelsius: 70, watts: null });
    expect(cooler).toContain('[[limits]]\ndevice = "gpu-0"\npause_celsius = 70\n');
    expect(limitsOf(cooler)[0]).toEqual({ ...CARD, pauseCelsius: 70, watts: null });
    const gone = edited(edited(cooler, noLimits("gpu-0")), noLimits("cpu"));
    expect(limitsOf(gone)).toEqual([]);
    expect(gone.trimEnd()).toBe(defaultConfigText().trimEnd());
    expect(edited("", noLimits("cpu"))).toBe("");
  });

  it("leaves the words and order of everything else as they are", () => {
    const text = [
      "# mine",
      "[[limits]] # the hot one",
      "watts = 200",
      "# as the card is called",
      "device = 'gpu-0'",
      "",
      "# next to the window",
      "[mining]",
      "threads = 3",
      "[[rules]]",
      'name = "night"',
      'then = "pause"',
      "",
    ].join("\n");
    const after = edited(text, CARD);
    expect(after).toBe(
      text.replace(
        /\[\[limits\]\][\s\S]*'gpu-0'/,
        '[[limits]]\ndevice = "gpu-0"\npause_celsius = 78\nwatts = 180',
      ),
    );
    expect(edited(text, noLimits("gpu-0"))).toContain("# mine\n\n# next to the window\n[mining]");
  });

  it("changes nothing where no lines of its own can be changed", () => {
    const inline = 'limits = [{ device = "gpu-0", watts = 200 }]\n';
    expect(limitsOf(inline)).toHaveLength(1);
    const refused = editLimits(inline, CARD);
    expect(refused).toMatchObject({ ok: false, rejection: { code: "PROCESSES_CONFIG_EDIT" } });
    const unquoted = '[[limits]]\n"device" = "gpu-0"\n';
    expect(editLimits(unquoted, CARD)).toMatchObject({ ok: false });
    expect(editLimits("", { ...CARD, pauseCelsius: 90 })).toMatchObject({
      rejection: { code: "PROCESSES_CONFIG_VALUE" },
    });
  });
});

describe("limits by their path", () => {
  it("are typed as a person does, and taken back by one word", () => {
    expect(limitPath("limits.gpu-0.watts")).toEqual({ device: "gpu-0", name: "watts" });
    expect(limitPath("limits.a.b.on")).toEqual({ device: "a.b", name: "on" });
    expect(limitPath("mining.threads")).toBeNull();
    expect(typedLimit(CARD, "watts", "150")).toMatchObject({ value: { ...CARD, watts: 150 } });
    expect(typedLimit(CARD, "on", "false")).toMatchObject({ value: { ...CARD, on: false } });
    expect(typedLimit(CARD, "watts", "standard")).toMatchObject({
      value: { ...CARD, watts: null },
    });
    expect(typedLimit(CARD, "pause_celsius", "95")).toMatchObject({ ok: false });
    expect(typedLimit(CARD, "watts", "much")).toMatchObject({ ok: false });
    expect(typedLimit(CARD, "wat", "standard")).toMatchObject({
      rejection: { code: "PROCESSES_CONFIG_KEY" },
    });
    expect(limitValue(CARD, "watts")).toEqual({ ok: true, value: 180 });
    expect(limitValue(CARD, "pause_celsius")).toEqual({ ok: true, value: 78 });
    expect(limitValue(CARD, "on")).toEqual({ ok: true, value: true });
    expect(limitValue(CARD, "heat").ok).toBe(false);
  });
});

import { describe, expect, it } from "vitest";

import { millionths, pricesOfWeek } from "../../../../src-main/processes/config/energy-prices.ts";
import { parseConfig } from "../../../../src-main/processes/config/parse-config.ts";

function energy(lines: string) {
  const config = parseConfig(`[energy]\n${lines}\n`);
  if (!config.ok) throw new Error(JSON.stringify(config.rejection));
  return config.value.energy;
}

const refusal = (text: string) => {
  const config = parseConfig(text);
  return config.ok ? null : config.rejection;
};

describe("prices", () => {
  it("are decimals with at most six places", () => {
    expect(["0.32", "-1", "1000", "0.000001"].map(millionths)).toEqual([
      320_000, -1_000_000, 1_000_000_000, 1,
    ]);
    expect(["", "1e3", "0.0000001", "1001", ".5", "0,32"].map(millionths)).toEqual(
      Array(6).fill(null),
    );
  });

  it("of hours go over the end of a day and of the week", () => {
    const prices = pricesOfWeek("mo-su 0.3; fr-mo 22-6 0.1", null);
    const cheap = prices?.flatMap((price, hour) => (price === 100_000 ? [hour] : []));
    const nights = [4, 5, 6, 0].flatMap((day) =>
      Array.from({ length: 8 }, (_, hour) => (day * 24 + 22 + hour) % 168),
    );
    expect(cheap).toEqual([...nights].sort((one, other) => one - other));
  });

  it("of hours that no rule names are the other price, or not known", () => {
    expect(pricesOfWeek("mo 0-1 0.5", 200_000)?.slice(0, 2)).toEqual([500_000, 200_000]);
    expect(pricesOfWeek("mo 0-1 0.5", null)?.[1]).toBeNull();
    for (const text of ["", "mo", "xx 0.3", "mo 24-25 1", "mo 5-5 1", "mo 0-1 a"]) {
      expect(pricesOfWeek(text, 1)).toBeNull();
    }
  });
});

describe("the settings of energy", () => {
  it("are counted, without a price or a zone, where nothing is said", () => {
    const config = parseConfig("");
    expect(config.ok && config.value.energy).toMatchObject({
      count: true,
      zone: "",
      tariff: { kind: "none" },
      attributes: "none",
      intensity: "static-table",
      residualMilligrams: null,
    });
    expect(config.ok && config.value.meters).toEqual([]);
  });

  it("reckon with a VIV's worth only in a currency", () => {
    expect(energy('viv_value = "0.05"').microsPerViv).toBeNull();
    expect(energy('currency = "EUR"\nviv_value = "0.05"').microsPerViv).toBe(50_000);
    expect(refusal('[energy]\nviv_value = "much"\n')?.code).toBe("PROCESSES_CONFIG_VALUE");
  });

  it("make one tariff: signal above hours above flat", () => {
    const flat = 'currency = "EUR"\nprice = "0.3"';
    expect(energy(flat).tariff).toEqual({ kind: "flat", currency: "EUR", microsPerKwh: 300_000 });
    expect(energy(`${flat}\nprice_hours = "sa-su 0.2"`).tariff.kind).toBe("hour-of-week");
    const signal = `${flat}\nprice_url = "https://api.awattar.de/v1/marketdata"`;
    expect(energy(`${signal}\nprice_factor = "1.19"`).tariff).toEqual({
      kind: "signal",
      currency: "EUR",
      addedMicros: 0,
      factorMillionths: 1_190_000,
    });
  });

  it("without a currency have no price, and hours that nobody priced have none", () => {
    expect(energy('price = "0.3"').tariff).toEqual({ kind: "none" });
    const { tariff } = energy('currency = "EUR"\nprice_hours = "mo 0-1 0.2"');
    expect(tariff.kind === "hour-of-week" && tariff.microsPerKwh.slice(0, 2)).toEqual([
      200_000,
      null,
    ]);
  });

  it("with an unknown key are refused with the nearest known one", () => {
    const rejection = refusal('[energy]\ncurency = "EUR"\n');
    expect(rejection).toMatchObject({ code: "PROCESSES_CONFIG_KEY" });
    expect(rejection?.facts?.["nearest"]).toBe("energy.currency");
  });

  it("read a place and refuse one that is not on Earth", () => {
    expect(energy('location = "52.5, 13.4"').location).toEqual({ latitude: 52.5, longitude: 13.4 });
    expect(refusal('[energy]\nlocation = "99, 13.4"\n')?.code).toBe("PROCESSES_CONFIG_VALUE");
  });
});

describe("meters of the settings", () => {
  const plug = '[[meters]]\nid = "plug"\nkind = "shelly"\nurl = "http://192.168.1.20"\n';

  it("are read by their kind", () => {
    const config = parseConfig(plug);
    expect(config.ok && config.value.meters.map(({ id, kind }) => [id, kind])).toEqual([
      ["plug", "shelly"],
    ]);
  });

  it("are refused with the key that their kind does not know, and when two have one id", () => {
    const strange = refusal(`${plug}colour = "red"\n`);
    expect(strange).toMatchObject({ code: "METERS_DESCRIPTION", facts: { field: "colour" } });
    expect(refusal(`${plug}${plug}`)?.facts).toMatchObject({ meter: "plug", field: "id" });
    expect(refusal("meters = 3\n")?.code).toBe("METERS_DESCRIPTION");
    const roof = `${plug}role = "generation"\n`;
    const twin = roof.replace('"plug"', '"again"');
    const twice = refusal(roof + twin);
    expect(twice).toMatchObject({ code: "METERS_DESCRIPTION", facts: { meter: "again" } });
    expect(parseConfig(`${roof}${twin}channel = 1\n`).ok).toBe(true);
    expect(parseConfig(plug + twin).ok).toBe(true);
  });
});

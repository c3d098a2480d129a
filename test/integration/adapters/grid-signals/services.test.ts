import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { askJson } from "../../../../src-main/adapters/grid-signals/ask-json.ts";
import {
  askElectricityMaps,
  askPrices,
  askUkCarbonIntensity,
  askWattTime,
} from "../../../../src-main/adapters/grid-signals/index.ts";
import {
  ELECTRICITY_MAPS,
  PRICES,
  UK_NATIONAL,
  UK_REGION,
  WATT_TIME,
} from "../../../worlds/grid-answers.ts";

const HOUR = 3_600_000;
const DAY = Date.UTC(2026, 10, 22);
const KEY = "key-that-nobody-may-see";

let server: Server;
let base: string;
let folder: string;
let keyFile: string;
let asked: IncomingMessage[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

const json = (response: ServerResponse, body: unknown, status = 200, headers = {}) => {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "vivian-grid-"));
  keyFile = join(folder, "key");
  writeFileSync(keyFile, `${KEY}\n`);
  server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await new Promise((done) => server.close(done));
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  asked = [];
});

/** The code and everything a fault says. */
async function faultOf(asking: Promise<unknown>): Promise<{ code: string; text: string }> {
  try {
    await asking;
  } catch (error) {
    const { code, message, facts } = error as { code: string; message: string; facts: object };
    return { code, text: `${message} ${JSON.stringify(facts)}` };
  }
  throw new Error("it was answered");
}

describe("Electricity Maps", () => {
  const maps = (request: IncomingMessage, response: ServerResponse) => {
    const path = new URL(request.url ?? "", base).pathname;
    if (path === "/v3/carbon-intensity/history") json(response, ELECTRICITY_MAPS.history);
    else if (path === "/v3/carbon-intensity/forecast") json(response, ELECTRICITY_MAPS.forecast);
    else if (path === "/v3/power-breakdown/history") json(response, ELECTRICITY_MAPS.breakdown);
    else json(response, {}, 404);
  };

  it("gives settled and foretold hours and the fossil-free share; no value is none", async () => {
    answer = maps;
    const rows = await askElectricityMaps({ zone: "DE", keyFile, base });
    const average = rows.filter(({ kind }) => kind === "carbon-average");
    expect(average.map(({ value }) => value)).toEqual([342_500, 331_000, 210_000, 190_000]);
    expect(average.map(({ forecast }) => forecast)).toEqual([false, false, true, true]);
    expect(average[0]).toMatchObject({ startMs: DAY, endMs: DAY + HOUR, estimated: false });
    expect(average[1].estimated).toBe(true);
    const [free] = rows.filter(({ kind }) => kind === "carbon-free-share");
    expect(free.value).toBe(610_000);
    expect(asked.every(({ headers }) => headers["auth-token"] === KEY)).toBe(true);
    expect(asked.every(({ url }) => url?.endsWith("?zone=DE"))).toBe(true);
  });

  it("is refused where it answers for another zone than the one that was asked for", async () => {
    answer = (_request, response) => json(response, { zone: "FR", history: [] });
    const fault = await faultOf(askElectricityMaps({ zone: "DE", keyFile, base }));
    expect(fault.code).toBe("GRID_SIGNALS_ZONE");
  });

  it("gives the past alone where the plan has no forecast", async () => {
    answer = (request, response) => {
      if (request.url?.includes("history?") && request.url.includes("intensity")) {
        maps(request, response);
      } else json(response, { error: "not in your plan" }, 403);
    };
    const rows = await askElectricityMaps({ zone: "DE", keyFile, base });
    expect(rows.map(({ forecast }) => forecast)).toEqual([false, false]);
  });
});

describe("WattTime", () => {
  it("gives marginal means of hours in grams, never average ones", async () => {
    answer = (request, response) => {
      if (request.url === "/login") json(response, WATT_TIME.login);
      else json(response, WATT_TIME.forecast);
    };
    const rows = await askWattTime({ region: "CAISO_NORTH", keyFile, base });
    expect(rows.every(({ kind }) => kind === "carbon-marginal")).toBe(true);
    // 1,000 lb a MWh; then the mean of 512 to 523.
    expect(rows.map(({ value }) => value)).toEqual([453_592, 234_734]);
    expect(asked[0].headers.authorization).toBe(`Basic ${btoa(KEY)}`);
    expect(asked[1].headers.authorization).toBe(`Bearer ${WATT_TIME.login.token}`);
  });

  it("is refused in another unit, or for another region", async () => {
    const { meta } = WATT_TIME.forecast;
    let forecast: unknown = { ...WATT_TIME.forecast, meta: { ...meta, units: "percentile" } };
    answer = (request, response) =>
      json(response, request.url === "/login" ? WATT_TIME.login : forecast);
    const ask = () => faultOf(askWattTime({ region: "CAISO_NORTH", keyFile, base }));
    expect((await ask()).code).toBe("GRID_SIGNALS_ANSWER");
    forecast = { ...WATT_TIME.forecast, meta: { ...meta, region: "PJM" } };
    expect((await ask()).code).toBe("GRID_SIGNALS_ZONE");
  });
});

describe("Great Britain's Carbon Intensity", () => {
  const nowMs = Date.UTC(2026, 10, 22, 12, 10);

  it("gives what was, where it is settled, and what is foretold", async () => {
    answer = (_request, response) => json(response, UK_NATIONAL);
    const rows = await askUkCarbonIntensity({ zone: "GB", nowMs, base });
    expect(rows.map(({ value, forecast }) => [value, forecast])).toEqual([
      [263_000, false],
      [250_000, true],
    ]);
    expect(asked[0].url).toBe("/intensity/2026-11-21T12:10Z/fw48h");
  });

  it("gives a region with what generates there; biomass is not free of carbon", async () => {
    answer = (_request, response) => json(response, UK_REGION);
    const rows = await askUkCarbonIntensity({ zone: "GB-3", nowMs, base });
    expect(asked[0].url).toContain("/regionid/3");
    expect(rows.map(({ kind, value }) => [kind, value])).toEqual([
      ["carbon-average", 120_000],
      ["carbon-free-share", 650_000],
    ]);
  });
});

describe("a price signal", () => {
  it("is read by MWh or kWh, below zero too", async () => {
    answer = (_request, response) => json(response, PRICES);
    const rows = await askPrices({ url: `${base}/v1/marketdata`, currency: "EUR" });
    expect(rows.map(({ value }) => value)).toEqual([42_090, -5_120]);
    expect(rows[0]).toMatchObject({ kind: "price", endMs: DAY + HOUR, forecast: false });
    const [first] = PRICES.data;
    answer = (_request, response) => {
      json(response, { data: [{ ...first, marketprice: 0.3, unit: "EUR/kWh" }] });
    };
    const [kwh] = await askPrices({ url: base, currency: "EUR" });
    expect(kwh.value).toBe(300_000);
  });

  it("of several hours is kept by the hour, so that each of them finds it", async () => {
    const [first] = PRICES.data;
    const end_timestamp = first.start_timestamp + 3.5 * HOUR;
    answer = (_request, response) => json(response, { data: [{ ...first, end_timestamp }] });
    const rows = await askPrices({ url: base, currency: "EUR" });
    expect(rows.map(({ startMs, endMs }) => [startMs - DAY, endMs - DAY])).toEqual([
      [0, HOUR],
      [HOUR, 2 * HOUR],
      [2 * HOUR, 3 * HOUR],
      [3 * HOUR, 3.5 * HOUR],
    ]);
    expect(new Set(rows.map(({ value }) => value))).toEqual(new Set([42_090]));
  });

  it("in another currency or shape is refused", async () => {
    const [first] = PRICES.data;
    const wrong = [
      { ...first, unit: "Gbp/MWh" },
      { ...first, unit: "cents" },
      { ...first, marketprice: "42" },
      { ...first, end_timestamp: first.start_timestamp },
      null,
    ];
    for (const one of wrong) {
      answer = (_request, response) => json(response, { data: [one] });
      const { code } = await faultOf(askPrices({ url: base, currency: "EUR" }));
      expect(code).toBe("GRID_SIGNALS_ANSWER");
    }
  });
});

describe("whatever goes wrong", () => {
  it("has a code of its own, and no key is in its words", async () => {
    const codes: [number, string][] = [
      [401, "GRID_SIGNALS_REFUSED"],
      [404, "GRID_SIGNALS_ZONE"],
      [429, "GRID_SIGNALS_LIMIT"],
      [500, "GRID_SIGNALS_UNREACHABLE"],
    ];
    for (const [status, code] of codes) {
      answer = (_request, response) => json(response, { key: KEY }, status, { "retry-after": "7" });
      const fault = await faultOf(askElectricityMaps({ zone: "DE", keyFile, base }));
      expect(fault.code).toBe(code);
      expect(fault.text).not.toContain(KEY);
      if (status === 429) expect(fault.text).toContain('"waitMs":7000');
    }
  });

  it("ends in time, at its size, and without following anyone", async () => {
    answer = () => undefined;
    const slow = await faultOf(askJson(base, { withinMs: 50 }));
    expect(slow.code).toBe("GRID_SIGNALS_UNREACHABLE");
    answer = (_request, response) => response.end("x".repeat(1_100_000));
    expect((await faultOf(askJson(base))).text).toContain("too long");
    answer = (_request, response) => response.writeHead(302, { location: "/other" }).end();
    expect((await faultOf(askJson(base))).code).toBe("GRID_SIGNALS_UNREACHABLE");
    answer = (_request, response) => response.end("<html>");
    expect((await faultOf(askJson(base))).code).toBe("GRID_SIGNALS_ANSWER");
  });

  it("with the key's file is told with its name", async () => {
    const missing = join(folder, "none");
    const fault = await faultOf(askElectricityMaps({ zone: "DE", keyFile: missing, base }));
    expect(fault.code).toBe("GRID_SIGNALS_KEY");
    expect(fault.text).toContain(missing);
  });
});

/** The page's Energy screen against a daemon of fixtures, in a real browser. */

import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { EnergyNow, EnergyUnits } from "../../src-main/contract/control-api/energy.ts";
import { setUpPage } from "./built-page.ts";
import { energyAnswers, unmeteredAnswers } from "./energy-fixtures.ts";
import { MockedDaemon, Refused } from "./mocked-daemon.ts";
import type { Answers } from "./mocked-daemon.ts";
import { chromiumFile, launchChromium, newPage } from "./open-chromium.ts";
import type { WatchedPage } from "./open-chromium.ts";
import { workingAnswers, workingStatus } from "./page-fixtures.ts";

if (chromiumFile === undefined) process.stdout.write("energy page tests: no Chromium on PATH\n");

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe.skipIf(chromiumFile === undefined)("the page's Energy", () => {
  let browser: Browser;
  const running: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    await setUpPage();
    browser = await launchChromium();
  });
  afterEach(async () => {
    for (const end of running.splice(0)) await end();
  });
  afterAll(async () => browser.close());

  async function opened(
    answers: Answers,
    screen = "energy",
  ): Promise<WatchedPage & { daemon: MockedDaemon }> {
    const daemon = new MockedDaemon(workingStatus(), { ...workingAnswers(), ...answers });
    await daemon.start();
    const watched = await newPage(browser);
    running.push(async () => {
      await watched.context.close();
      await daemon.stop();
    });
    await watched.page.goto(`${daemon.address}/#code=${daemon.code}`);
    await watched.page.evaluate(`location.hash = "#/${screen}"`);
    return { ...watched, daemon };
  }

  const asked = (daemon: MockedDaemon, name: string) =>
    daemon.calls.filter(({ method }) => method === name).map(({ params }) => params);

  it("says what is used now, how good that is, and what it was matched by", async () => {
    const { page, complaints } = await opened(energyAnswers());
    await page.getByText("214 W").first().waitFor();
    await page.getByText("B metered · all behind the plug").waitFor();
    await page.getByText("62 % of metered kWh matched hourly (tier B)").first().waitFor();
    await page.getByText("location-based 530 g · market-based 410 g CO₂e").waitFor();
    const summary =
      /^Load against supply: 4\.10 kWh used, own 2\.90 kWh; 23 of 24 rows measured\.$/;
    await page.getByRole("img", { name: summary }).waitFor();
    await page.getByText("none: practice, no value").waitFor();
    await page.getByText("METERS_UNREACHABLE").waitFor();
    expect(complaints).toEqual([]);
  });

  it("asks for another span in its own rows, and shows them as a table too", async () => {
    const { page, daemon } = await opened(energyAnswers());
    await page.getByRole("button", { name: "30 days" }).click();
    await expect.poll(() => asked(daemon, "energy.hours").at(-1)).toMatchObject({ step: 86_400 });
    const { fromMs, toMs } = asked(daemon, "energy.hours").at(-1) as Record<string, number>;
    expect(toMs - fromMs).toBe(30 * DAY_MS);
    await page.getByText("As a table").click();
    expect(await page.locator("tbody tr").count()).toBe(30);
    // The row that was not measured says so; it is no zero.
    expect(await page.locator("tbody tr").nth(3).locator("td").first().innerText()).toBe("–");
  });

  it("names what speaks against a report that it is given", async () => {
    const { page, daemon } = await opened(energyAnswers());
    const file = { name: "july.json", mimeType: "application/json", buffer: Buffer.from("{ }") };
    await page.setInputFiles("input[type=file]", file);
    await page.getByText("It contradicts itself or the facts").waitFor();
    await page.getByText("its intervals add up to 4,100 Wh").waitFor();
    await page.getByText("ENERGY_TOTAL").waitFor();
    await page.getByText("anchors: the report names another ledger").waitFor();
    expect(asked(daemon, "energy.check")).toEqual([{ text: "{ }" }]);
  });

  it("refuses a file that is too large or cannot be read before anything is sent", async () => {
    const { page, daemon } = await opened(energyAnswers());
    const buffer = Buffer.alloc(900_000, "x");
    await page.setInputFiles("input[type=file]", { name: "x", mimeType: "text/plain", buffer });
    await page.getByText("ENERGY_REPORT_FORM", { exact: true }).waitFor();
    // As a folder that is dropped, or a file that is gone.
    await page.evaluate("File.prototype.text = () => Promise.reject(new Error('gone'))");
    const small = { name: "y.json", mimeType: "text/plain", buffer: Buffer.from("{}") };
    await page.setInputFiles("input[type=file]", small);
    await page.getByText("ENERGY_REPORT_FILE", { exact: true }).waitFor();
    await page.getByText("Drop a report here").waitFor();
    expect(asked(daemon, "energy.check")).toEqual([]);
  });

  it("signs the report of the last whole day, and says why not where it cannot", async () => {
    const refusing = { ...energyAnswers(), "energy.report": () => new Refused("API_INTERNAL") };
    const { page, daemon } = await opened(refusing);
    await page.getByRole("button", { name: "Report yesterday" }).click();
    await page.getByRole("alert").getByText("API_INTERNAL", { exact: true }).waitFor();
    const [{ fromMs, toMs }] = asked(daemon, "energy.report") as [Record<string, number>];
    expect(toMs - fromMs).toBe(DAY_MS);
    expect(toMs % DAY_MS).toBe(0);
    expect(toMs).toBeLessThanOrEqual(Date.now());
  });

  it("says what each rule would do now, and what cannot be watched", async () => {
    const { page } = await opened(energyAnswers());
    await page.getByText("own surplus 166 W > 100 W. This one decides.").waitFor();
    await page.getByText("would run").waitFor();
    await page.getByText("the price is not known.").waitFor();
    await page.getByText("a device pauses at 83 °C").waitFor();
    await page.getByText("No temperature is told by gpu-1").waitFor();
  });

  it("says of a unit that was paused in how many pieces it was trained", async () => {
    const units = energyAnswers()["energy.units"]?.({}) as EnergyUnits;
    const [piece] = units.units;
    const cut = { ...units, units: [{ ...piece, trainings: 2 }] };
    const { page, complaints } = await opened({ ...energyAnswers(), "energy.units": () => cut });
    const part = page.getByRole("region", { name: "Energy of units" });
    await part.getByText("in 2 pieces").waitFor();
    expect(await part.getByRole("listitem").count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  it("says of a screen that cannot be drawn that it is so; the others stay", async () => {
    const now = energyAnswers()["energy.now"]?.({}) as EnergyNow;
    const [meter] = now.meters;
    const twice = { ...now, meters: [meter, meter] };
    const { page } = await opened({ ...energyAnswers(), "energy.now": () => twice });
    await page.getByText("This screen cannot be drawn").waitFor();
    await page.getByRole("link", { name: "Rewards" }).click();
    await page.getByRole("heading", { name: "Rewards" }).waitFor();
  });

  it("shows gaps and dashes without a meter, never zeros", async () => {
    const { page, complaints } = await opened(unmeteredAnswers());
    await page.getByText("no meter", { exact: true }).waitFor();
    await page.getByText("No meter is open.").waitFor();
    const summary = "Load against supply: nothing measured in this time.";
    await page.getByRole("img", { name: summary }).waitFor();
    expect(await page.getByText(/\b0(\.0+)? (W|Wh)\b/).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it("shows a device's own figures beside what it can do", async () => {
    const { page, complaints } = await opened(energyAnswers(), "devices");
    await page.getByText("88 W of 105 W").waitFor();
    await page.getByText("at its power limit").waitFor();
    await page.getByRole("img", { name: /^power, last hour: from \d+ W to \d+ W$/ }).waitFor();
    expect(complaints).toEqual([]);
  });
});

/** Limits on the Devices page with a real daemon, in a real browser: marks that are dragged. */

import { readFileSync } from "node:fs";

import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { SessionLevel } from "../../src-main/contract/control-api/index.ts";
import { loadConfig } from "../../src-main/processes/config/load-config.ts";
import { TestHome } from "../integration/processes/run-vivian.ts";
import { setUpPage } from "./built-page.ts";
import { limitAnswers } from "./limit-fixtures.ts";
import { MockedDaemon, Refused } from "./mocked-daemon.ts";
import type { Answers } from "./mocked-daemon.ts";
import { chromiumFile, launchChromium, newPage } from "./open-chromium.ts";
import type { WatchedPage } from "./open-chromium.ts";
import { openWithCode } from "./open-with-code.ts";
import { workingAnswers, workingStatus } from "./page-fixtures.ts";

if (chromiumFile === undefined) process.stdout.write("limits page tests: no Chromium on PATH\n");

describe.skipIf(chromiumFile === undefined)("limits on the Devices page", () => {
  let browser: Browser;
  const home = new TestHome("# my own words\n[mining]\nthreads = 1\n");
  const pages: WatchedPage[] = [];
  const daemons: MockedDaemon[] = [];

  beforeAll(async () => {
    await setUpPage();
    browser = await launchChromium();
    // One daemon for all: each test leaves the heat as it found it, or says what it begins with.
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
  });
  afterEach(async () => {
    for (const { context } of pages.splice(0)) await context.close();
    for (const daemon of daemons.splice(0)) await daemon.stop();
  });
  afterAll(async () => {
    await browser.close();
    await home.remove();
  });

  async function opened(): Promise<WatchedPage> {
    const watched = await newPage(browser);
    pages.push(watched);
    await openWithCode(home, watched.page);
    await watched.page.getByRole("link", { name: "Devices" }).click();
    await heatOf(watched.page).waitFor();
    return watched;
  }

  async function mocked(answers: Answers, level: SessionLevel) {
    const daemon = new MockedDaemon(workingStatus(), { ...workingAnswers(), ...answers });
    daemon.level = level;
    await daemon.start();
    const watched = await newPage(browser);
    pages.push(watched);
    daemons.push(daemon);
    await watched.page.goto(`${daemon.address}/#code=${daemon.code}`);
    await watched.page.evaluate('location.hash = "#/devices"');
    await heatOf(watched.page).waitFor();
    return { page: watched.page, daemon };
  }

  const heatOf = (page: Page) => page.getByRole("slider", { name: /^Heat limit of / }).first();
  const powerOf = (page: Page) => page.getByRole("slider", { name: /^Power limit of / }).first();
  const valueOf = async (slider: Locator) => Number(await slider.getAttribute("aria-valuenow"));
  /** What the settings file says of the processor; null where nothing. */
  function kept(name: "on" | "pauseCelsius" | "watts") {
    const config = loadConfig(home.folder.config);
    if (!config.ok) throw new Error(config.rejection.code);
    return config.value.limits.find(({ device }) => device === "cpu")?.[name] ?? null;
  }

  /** Where on a heat bar from 30 to 90 °C a figure lies. */
  async function placeOf(slider: Locator, celsius: number): Promise<{ x: number; y: number }> {
    const box = await slider.boundingBox();
    if (box === null) throw new Error("the mark is not shown");
    return { x: box.x + (box.width * (celsius - 30)) / 60, y: box.y + box.height / 2 };
  }

  it("are dragged with the mouse, in force at once, kept, and shown after a restart", async () => {
    const { page, complaints } = await opened();
    const heat = heatOf(page);
    expect(await valueOf(heat)).toBe(83);
    await page.getByText("Standard: pauses at 83 °C, resumes at 75 °C.").waitFor();
    const [from, over, to] = [
      await placeOf(heat, 83),
      await placeOf(heat, 60),
      await placeOf(heat, 78),
    ];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(over.x, over.y, { steps: 5 });
    // While it moves it says what would happen, and nothing is set yet.
    await page.getByText("Pauses at 60 °C, resumes at 52 °C.").waitFor();
    expect(kept("pauseCelsius")).toBeNull();
    await page.mouse.move(to.x, to.y, { steps: 5 });
    await page.mouse.up();
    await page.getByText("Pauses at 78 °C, resumes at 70 °C.").waitFor();
    await expect.poll(() => kept("pauseCelsius"), { timeout: 10_000 }).toBe(78);
    expect(readFileSync(home.folder.config, "utf8")).toMatch(/^# my own words\n\[mining\]/);

    expect(await home.run(["stop"])).toMatchObject({ code: 0 });
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    const again = await opened();
    expect(await valueOf(heatOf(again.page))).toBe(78);
    await again.page.getByRole("button", { name: "Standard limits" }).first().click();
    await again.page.getByText("Standard: pauses at 83 °C, resumes at 75 °C.").waitFor();
    await expect.poll(() => kept("pauseCelsius"), { timeout: 10_000 }).toBeNull();
    expect([...complaints, ...again.complaints]).toEqual([]);
  });

  it("are moved by keys, never beyond the protections, and given up with Escape", async () => {
    const { page } = await opened();
    const heat = heatOf(page);
    await heat.focus();
    await page.keyboard.press("ArrowRight");
    expect(await valueOf(heat)).toBe(83);
    for (const key of ["PageDown", "ArrowLeft", "ArrowDown", "ArrowUp"]) {
      await page.keyboard.press(key);
    }
    expect(await heat.getAttribute("aria-valuetext")).toBe(
      "77 °C. Pauses at 77 °C, resumes at 69 °C.",
    );
    await expect.poll(() => kept("pauseCelsius"), { timeout: 10_000 }).toBe(77);
    await page.keyboard.press("Home");
    expect(await valueOf(heat)).toBe(30);
    await page.keyboard.press("Escape");
    await expect.poll(() => valueOf(heat), { timeout: 10_000 }).toBe(77);
    expect(kept("pauseCelsius")).toBe(77);
    await page.keyboard.press("End");
    await expect.poll(() => kept("pauseCelsius"), { timeout: 10_000 }).toBeNull();

    const power = powerOf(page);
    await power.focus();
    const most = await valueOf(power);
    await page.keyboard.press("PageDown");
    const chosen = await valueOf(power);
    expect(chosen).toBeLessThan(most);
    expect(await power.getAttribute("aria-valuetext")).toBe(
      `${chosen} W. Takes ${chosen} W at most, as a mean while it works.`,
    );
    await expect.poll(() => kept("watts"), { timeout: 10_000 }).toBe(chosen);
    // Nothing measures here: what is in force is said on the card and on Home.
    await page.getByText(new RegExp(`^Capped at ${chosen} W by the processor's own`)).waitFor();
    await page.getByRole("link", { name: "Home" }).click();
    await page.getByText(new RegExp(`^Capped at ${chosen} W by the processor's own`)).waitFor();
  });

  it("are dragged by touch, and a device is switched off and on", async () => {
    const { page, context } = await opened();
    const heat = heatOf(page);
    const touch = await context.newCDPSession(page);
    const at = async (type: "touchStart" | "touchMove" | "touchEnd", celsius: number) => {
      const touchPoints = type === "touchEnd" ? [] : [await placeOf(heat, celsius)];
      await touch.send("Input.dispatchTouchEvent", { type, touchPoints });
    };
    await heat.scrollIntoViewIfNeeded();
    await at("touchStart", 80);
    await at("touchMove", 75);
    await at("touchMove", 72);
    await at("touchEnd", 72);
    await expect.poll(() => kept("pauseCelsius"), { timeout: 10_000 }).toBe(72);

    await page.getByRole("button", { name: "Switch off" }).click();
    await page.getByText("Switched off: no work runs on it until you switch it on.").waitFor();
    await page.getByText(/^Waiting: the processor, which trains, is switched off\./).waitFor();
    expect(kept("on")).toBe(false);
    await page.getByRole("button", { name: "Switch on" }).click();
    await page.getByText("Waiting for work: no job is assigned to this machine.").waitFor();
    expect(kept("on")).toBe(true);
  });

  it("cannot be moved by a session that may only look", async () => {
    const { page, daemon } = await mocked(limitAnswers(), "view");
    const heat = heatOf(page);
    await page.getByText("Pauses at 78 °C, resumes at 70 °C.").waitFor();
    expect(await heat.getAttribute("aria-disabled")).toBe("true");
    const [from, to] = [await placeOf(heat, 78), await placeOf(heat, 50)];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y);
    await page.mouse.up();
    expect(await valueOf(heat)).toBe(78);
    expect(daemon.calls.some(({ method }) => method === "limits.set")).toBe(false);
    expect(await page.getByRole("button", { name: "Standard limits" }).count()).toBe(0);
  });

  it("go back where the daemon refuses them, and say why", async () => {
    const refused = () => new Refused("PROCESSES_CONFIG_GIVEN");
    const { page } = await mocked({ ...limitAnswers(), "limits.set": refused }, "operate");
    const heat = heatOf(page);
    await heat.focus();
    await page.keyboard.press("PageDown");
    await page.getByRole("alert").getByText("PROCESSES_CONFIG_GIVEN", { exact: true }).waitFor();
    expect(await valueOf(heat)).toBe(78);
    await page.getByText(/^Capped at 70 W by the processor's own limit/).waitFor();
    await page.getByText("mean 66 W of 70 W").waitFor();
    await page.getByText(/sudo nvidia-smi -i GPU-/).waitFor();
  });
});

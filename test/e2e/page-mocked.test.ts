/**
 * The page against a daemon of fixtures, in a real browser: its forms, and what it does with
 * answers that a healthy daemon never gives.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { setUpPage } from "./built-page.ts";
import { ASSETS, MockedDaemon, Refused, secretText } from "./mocked-daemon.ts";
import type { Answers } from "./mocked-daemon.ts";
import { chromiumFile, launchChromium, newPage } from "./open-chromium.ts";
import type { WatchedPage } from "./open-chromium.ts";
import {
  emptyAnswers,
  emptyStatus,
  PAID_SLOT,
  receiptAt,
  workingAnswers,
  workingStatus,
} from "./page-fixtures.ts";

/** Presses of Tab that stay inside the page: orders, screens, theme, the first links. */
const FOCUS_STOPS = 9;

if (chromiumFile === undefined) process.stdout.write("page tests: no Chromium on PATH\n");

/** How often the page has asked for the series of a unit. */
function askedFor({ calls }: MockedDaemon): number {
  return calls.filter(({ method }) => method === "unit.curve").length;
}

describe.skipIf(chromiumFile === undefined)("the page with a mocked daemon", () => {
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
    status = workingStatus(),
    answers: Answers = workingAnswers(),
    change: (daemon: MockedDaemon) => void = () => undefined,
  ): Promise<WatchedPage & { daemon: MockedDaemon }> {
    const daemon = new MockedDaemon(status, answers);
    change(daemon);
    await daemon.start();
    const watched = await newPage(browser);
    running.push(async () => {
      await watched.context.close();
      await daemon.stop();
    });
    await watched.page.goto(`${daemon.address}/#code=${daemon.code}`);
    return { ...watched, daemon };
  }

  it("ships at most 200 KiB of scripts, compressed", () => {
    const scripts = readdirSync(ASSETS).filter((name) => name.endsWith(".js"));
    const sizes = scripts.map((name) => gzipSync(readFileSync(join(ASSETS, name))).length);
    expect(scripts.length).toBeGreaterThan(0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(200 * 1_024);
  });

  it("takes the code out of the address and says what the miner does", async () => {
    const { page, complaints } = await opened();
    await page.getByText("Training “digits-cnn”, step 1 293 of 2 812").waitFor();
    expect(page.url()).not.toContain("code=");
    await page.getByText("431.07", { exact: false }).first().waitFor();
    await page.getByText("4 of 60 segments replayed, all equal").waitFor();
    await page.getByRole("progressbar", { name: "Training of digits-cnn" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("draws what the daemon saw before the page was opened, and goes on from there", async () => {
    const { page, daemon } = await opened();
    await page.getByRole("img", { name: "loss: from 2.303 to 0.094" }).waitFor();
    const { mine } = daemon.status;
    daemon.push({ mine: { ...mine, unit: { ...mine.unit!, step: 1_300, loss: 0.05 } } });
    await page.getByRole("img", { name: "loss: from 2.303 to 0.050" }).waitFor();
    expect(askedFor(daemon)).toBe(1);
    await daemon.stop();
    const points = [{ step: 0, loss: 3, accuracy: null }];
    daemon.answers = { ...workingAnswers(), "unit.curve": () => ({ points }) };
    await daemon.start();
    await page.getByRole("img", { name: "loss: from 3.000 to 0.050" }).waitFor();
    expect(askedFor(daemon)).toBe(2);
  });

  it("follows the status, and draws what it has seen where the daemon kept nothing", async () => {
    const refusing = { ...workingAnswers(), "unit.curve": () => new Refused("API_METHOD") };
    const { page, daemon } = await opened(workingStatus(), refusing);
    await page.getByText("Training “digits-cnn”").waitFor();
    const { mine } = daemon.status;
    for (let step = 1_400; step <= 1_440; step += 10) {
      const unit = { ...workingStatus().mine.unit!, step, loss: 0.1, accuracy: 0.9 };
      daemon.push({ mine: { ...mine, unit } });
    }
    await page.getByText("step 1 440 of 2 812").first().waitFor();
    await page.getByRole("img", { name: "loss: from 0.100 to 0.100" }).waitFor();
    daemon.push({ mine: { ...mine, state: "paused" } });
    const kept = "Paused by you, until you press Start. “digits-cnn” keeps its place at step 1 293";
    await page.getByText(kept).waitFor();
    expect(await page.getByText(/ left\b/).count()).toBe(0);
    await page.getByRole("button", { name: "Start" }).click();
    await expect.poll(() => daemon.calls.map(({ method }) => method)).toContain("mine.start");
  });

  it("is empty where nothing has happened, and submits a job", async () => {
    const { page, daemon } = await opened(emptyStatus(), emptyAnswers());
    await page.getByText("Waiting for work: no job is assigned to this machine.").waitFor();
    await page.getByText("Nothing yet.").waitFor();
    await page.getByRole("button", { name: "Submit" }).first().click();
    await expect
      .poll(() => daemon.calls)
      .toContainEqual({ method: "job.submit", params: { name: "digits" } });
    await page.getByRole("link", { name: "Rewards" }).click();
    await page.getByText("Nothing has been paid yet").waitFor();
  });

  it("recomputes a receipt's proof in the page", async () => {
    const { page, complaints } = await opened();
    await page.getByRole("link", { name: "Rewards" }).click();
    await page.locator(`a[href="#/rewards/${PAID_SLOT}"]`).click();
    await page.getByText("Its training took 12.4 Wh (B metered), at a cost of").waitFor();
    await page.getByText(/^Profit at the worth you set: 0\.1200 EUR without energy/).waitFor();
    await page.getByText("as the miner says").waitFor();
    await page.getByRole("button", { name: "Verify here" }).click();
    await page.getByText("Verified here, in").waitFor();
    await page.getByText("proved by this receipt").waitFor();
    expect(await page.getByText("certified vector").count()).toBe(2);
    expect(complaints).toEqual([]);
  });

  it.each([
    ["another outcome", "LEDGER_RECEIPT_OUTCOME", (bytes: Uint8Array) => ({ outcome: bytes })],
    ["another record", "LEDGER_RECEIPT_RECORD", (bytes: Uint8Array) => ({ stored: bytes })],
  ])("refuses a receipt of %s", async (_, code, change) => {
    const answers: Answers = {
      ...workingAnswers(),
      "wallet.receipt": ({ slot }) =>
        receiptAt(Number(slot), (receipt) => ({
          ...receipt,
          ...change(Uint8Array.from(receipt.outcome, (byte, at) => (at === 9 ? byte ^ 1 : byte))),
        })),
    };
    const { page } = await opened(workingStatus(), answers);
    await page.getByRole("link", { name: "Rewards" }).click();
    await page.locator(`a[href="#/rewards/${PAID_SLOT}"]`).click();
    await page.getByRole("button", { name: "Verify here" }).click();
    await page.getByText("This receipt does not hold.").waitFor();
    await page.getByText(code).waitFor();
    expect(await page.getByText("Verified here").count()).toBe(0);
  });

  it("refuses a genesis document of another network", async () => {
    const other = { ...workingStatus(), genesis: "aa".repeat(32) };
    const { page } = await opened(other);
    await page.getByRole("link", { name: "Rewards" }).click();
    await page.locator(`a[href="#/rewards/${PAID_SLOT}"]`).click();
    await page.getByRole("button", { name: "Verify here" }).click();
    await page.getByText("LEDGER_RECEIPT_STATEMENT").waitFor();
  });

  it("believes no answer that breaks the method's schema", async () => {
    const refused = () => new Refused("API_INTERNAL");
    const own = { devices: () => ({ machine: {} }), "wallet.receipt": refused };
    const { page } = await opened(workingStatus(), { ...workingAnswers(), ...own });
    await page.getByRole("link", { name: "Devices", exact: true }).click();
    await page.getByText("API_RESULT").waitFor();
    // A receipt that did not come is not one that does not hold.
    await page.evaluate(`location.hash = "#/rewards/${PAID_SLOT}"`);
    await page.getByRole("button", { name: "Verify here" }).click();
    await page.getByRole("alert").getByText("API_INTERNAL", { exact: true }).waitFor();
    expect(await page.getByText("This receipt does not hold.").count()).toBe(0);
  });

  it("says that the miner is gone, and recovers by itself", async () => {
    const { page, daemon } = await opened();
    // What was read before is shown meanwhile.
    await page.getByRole("link", { name: "Work" }).click();
    await page.getByRole("button", { name: "Submit" }).first().waitFor();
    await page.getByRole("link", { name: "Home" }).click();
    await page.getByText("Training “digits-cnn”").waitFor();
    await daemon.stop();
    await page.getByText("The miner does not answer; this page tries again by itself.").waitFor();
    await page.getByText("Safe: keys, ledger").waitFor();
    await page.getByText(/^Below is what it said until \d\d:\d\d:\d\d UTC/).waitFor();
    // A screen that was never read says so; what would have to ask cannot be pressed.
    await page.getByRole("link", { name: "Wallet" }).click();
    await page.getByText("This page reads the wallets as soon as the miner answers.").waitFor();
    await page.getByRole("link", { name: "Work" }).click();
    expect(await page.getByRole("button", { name: "Submit" }).first().isDisabled()).toBe(true);
    await daemon.start();
    await page.getByText("Training “digits-cnn”").waitFor({ timeout: 10_000 });
    const submit = page.getByRole("button", { name: "Submit" }).first();
    await expect.poll(() => submit.isDisabled()).toBe(false);
    // An address that was used before, come back to, ends no session that stands.
    await page.goto(`${daemon.address}/#code=${secretText("o")}`);
    await page.getByText("Training “digits-cnn”").waitFor();
  });

  it("says how to get in: with no code, a used one, after a restart", async () => {
    const { page, daemon } = await opened(undefined, undefined, (one) => {
      one.code = secretText("x");
    });
    await page.getByText("Training “digits-cnn”").waitFor();
    daemon.token = secretText("z");
    await daemon.stop();
    await daemon.start();
    await page.getByText("This page's session has ended: run “vivian open” again.").waitFor();
    await page.getByText("API_SESSION").first().waitFor();
    daemon.code = secretText("y");
    await page.goto(`${daemon.address}/#code=${secretText("x")}`);
    await page.getByText("API_CODE").first().waitFor();
    await page.goto(`${daemon.address}/#code=${daemon.code}`);
    await page.getByText("Training “digits-cnn”").waitFor();

    const other = await newPage(browser);
    await other.page.goto(daemon.address);
    await other.page.getByText("This page needs a code").waitFor();
    await other.context.close();
  });

  it("shows a looking session what it may not do", async () => {
    const { page } = await opened(undefined, undefined, (one) => {
      one.level = "view";
    });
    await page.getByRole("button", { name: "Pause" }).waitFor();
    expect(await page.getByRole("button", { name: "Pause" }).isDisabled()).toBe(true);
  });

  it("shows the words of an order that is refused", async () => {
    const answers: Answers = { ...workingAnswers(), "mine.pause": () => new Refused("API_LEVEL") };
    const { page } = await opened(workingStatus(), answers);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("Refused (API_LEVEL).").waitFor();
  });

  it("is reached by keyboard alone, with the focus in sight", async () => {
    const { page } = await opened();
    await page.getByText("Training “digits-cnn”").waitFor();
    const reached: string[] = [];
    for (let press = 0; press < FOCUS_STOPS; press += 1) {
      await page.keyboard.press("Tab");
      const [name, outline] = await page.evaluate<[string, string]>(
        "[document.activeElement.innerText.trim(), " +
          "getComputedStyle(document.activeElement).outlineStyle]",
      );
      reached.push(name);
      expect(outline).toBe("solid");
    }
    for (const name of ["Finish", "Pause", "Home", "Rewards", "Explorer"]) {
      expect(reached).toContain(name);
    }
    // A link that goes with its screen leaves whoever goes by keys in the next one.
    await page.getByRole("link", { name: "where it comes from" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Energy", exact: true }).waitFor();
    await expect.poll(() => page.evaluate("document.activeElement.tagName")).toBe("MAIN");
    expect(await page.title()).toBe("Energy · VIVIAN Miner");
  });

  it("fits 700 px with its bar at the bottom, and keeps the chosen theme", async () => {
    const { page } = await opened();
    await page.setViewportSize({ width: 700, height: 900 });
    await page.getByText("Training “digits-cnn”").waitFor();
    const bar = await page.getByRole("navigation").boundingBox();
    expect(bar!.y + bar!.height).toBe(900);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(700);
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(await ground()).toBe("rgb(15, 18, 22)");
    await page.getByRole("button", { name: "Theme: system" }).click();
    expect(await ground()).toBe("rgb(246, 245, 242)");
    await page.reload();
    await page.getByRole("button", { name: "Theme: light" }).waitFor();
    expect(await ground()).toBe("rgb(246, 245, 242)");
  });
});

/**
 * The page against a real daemon doing a real job, in a real browser: opened with the owner's
 * code, watched to the payment, the receipt verified in the page; paused, resumed, killed, back.
 */

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { TestHome } from "../integration/processes/run-vivian.ts";
import { setUpPage } from "./built-page.ts";
import { chromiumFile, launchChromium, newPage } from "./open-chromium.ts";
import type { WatchedPage } from "./open-chromium.ts";
import { openWithCode } from "./open-with-code.ts";

if (chromiumFile === undefined) process.stdout.write("page tests: no Chromium on PATH\n");

/** How long a job of seconds may take where a slow machine does other things too. */
const JOB_TIMEOUT_MS = 120_000;

/** One thread trains the real job for some ten seconds: time to stop in its middle. */
const LONG_JOB = "[mining]\nthreads = 1\n";

/** Notices of progress come at least every second. */
const STANDSTILL_MS = 2_500;

describe.skipIf(chromiumFile === undefined)("the page with a real daemon", () => {
  let browser: Browser;
  let home: TestHome;
  const pages: WatchedPage[] = [];

  beforeAll(async () => {
    await setUpPage();
    browser = await launchChromium();
    // One folder for all: what a page shows of a second job has the first before it.
    home = new TestHome(LONG_JOB);
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
  });
  afterEach(async () => {
    for (const { context } of pages.splice(0)) await context.close();
  });
  afterAll(async () => {
    await browser.close();
    await home.remove();
  });

  async function openedPage(): Promise<WatchedPage> {
    const watched = await newPage(browser);
    pages.push(watched);
    await openWithCode(home, watched.page);
    return watched;
  }

  it("opens with the owner's code, watches a job, pauses in its middle, resumes", async () => {
    const { page, complaints } = await openedPage();
    await page.getByText("Waiting for work: no job is assigned to this machine.").waitFor();
    expect(page.url()).not.toContain("code=");

    await submit(page, "digits-cnn");
    await page.getByText(/^Training “digits-cnn”, step [1-9]/).waitFor({ timeout: JOB_TIMEOUT_MS });
    await page.getByRole("progressbar", { name: "Training of digits-cnn" }).waitFor();
    await page.getByRole("img", { name: /^loss: from \d/ }).waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    const paused = page.getByText(/^Paused by you, until you press Start\. “digits-cnn” keeps/);
    await paused.waitFor();
    // The last notice of the worker may come after the pause; then nothing moves any more.
    await page.waitForTimeout(STANDSTILL_MS);
    const kept = await paused.innerText();
    expect(kept).toMatch(/ at step [1-9][\d ]* of /);
    await page.waitForTimeout(STANDSTILL_MS);
    expect(await paused.innerText()).toBe(kept);
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByText(/^Training “digits-cnn”/).waitFor();
    const list = page.getByRole("region", { name: "What others checked" });
    await list.getByText("paid", { exact: true }).waitFor({ timeout: JOB_TIMEOUT_MS });
    await list.getByText(/replayed, all equal|full replay equal/).waitFor();
    expect(complaints).toEqual([]);
  });

  it("draws the curves in a page opened later, and verifies the receipt there", async () => {
    const { page, complaints } = await openedPage();
    await page.getByRole("heading", { name: "Last training" }).waitFor();
    const loss = page.getByRole("img", { name: /^loss: from \d/ });
    const said = (await loss.getAttribute("aria-label")) ?? "";
    const [first, last] = said.match(/\d+\.\d+/g)!.map(Number);
    expect(last).toBeLessThan(first);

    await page.getByRole("link", { name: "Rewards" }).click();
    const line = page.getByRole("region", { name: "Payments, newest first" }).getByRole("link");
    await line.first().click();
    await page.getByRole("button", { name: "Verify here" }).click();
    await page.getByText("Verified here, in").waitFor();
    await page.getByText("minted by the network; proved by this receipt").waitFor();

    await page.getByRole("link", { name: "Work" }).click();
    await page.locator('a[data-job="digits-cnn"]').first().click();
    for (const what of ["job submitted", "result sealed", "result opened", "check opened"]) {
      await page.getByText(what).waitFor();
    }
    await page
      .getByRole("link", { name: /^slot \d+$/ })
      .first()
      .click();
    await page.getByText(/^Recomputed here in /).waitFor();
    expect(complaints).toEqual([]);
  });

  it("says that a killed daemon is gone, then that its session ended, then paid", async () => {
    const { page } = await openedPage();
    await submit(page, "digits-cnn");
    await page.getByText(/^Training “digits-cnn”, step [1-9]/).waitFor({ timeout: JOB_TIMEOUT_MS });
    process.kill(await home.daemonPid(), "SIGKILL");
    await page.getByText("The miner does not answer; this page tries again by itself.").waitFor();
    await page.getByText(/^Below is what it said until /).waitFor();
    // What would have to ask it cannot be pressed.
    await page.getByRole("link", { name: "Explorer" }).click();
    expect(await page.getByRole("button", { name: "Show" }).isDisabled()).toBe(true);
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    // By itself, on the port it had: nobody touches the page here.
    await page.getByText("This page's session has ended: run “vivian open” again.").waitFor();
    await page.getByText("API_SESSION").first().waitFor();
    await openWithCode(home, page);
    const list = page.getByRole("region", { name: "What others checked" });
    const second = list.getByText("paid", { exact: true }).nth(1);
    await second.waitFor({ timeout: JOB_TIMEOUT_MS });
  });
});

/** Presses Submit beside a listed job. */
async function submit(page: Page, name: string): Promise<void> {
  const line = page.getByRole("listitem").filter({ has: page.getByText(name, { exact: true }) });
  await line.getByRole("button", { name: "Submit" }).click();
}

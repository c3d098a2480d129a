/**
 * The page against a real daemon doing a real job, in a real browser: opened with the owner's
 * code, watched to the payment, the receipt verified in the page; paused, resumed, killed, back.
 */

import { readFileSync } from "node:fs";

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { OpenedPage } from "../../src-main/contract/control-api/index.ts";
import { TestHome } from "../integration/processes/run-vivian.ts";
import { setUpPage } from "./built-page.ts";
import { chromiumFile, launchChromium, newPage } from "./open-chromium.ts";
import type { WatchedPage } from "./open-chromium.ts";

if (chromiumFile === undefined) process.stdout.write("page tests: no Chromium on PATH\n");

/** How long a job of seconds may take where a slow machine does other things too. */
const JOB_TIMEOUT_MS = 120_000;

describe.skipIf(chromiumFile === undefined)("the page with a real daemon", () => {
  let browser: Browser;
  const homes: TestHome[] = [];
  const pages: WatchedPage[] = [];

  beforeAll(async () => {
    await setUpPage();
    browser = await launchChromium();
  });
  afterEach(async () => {
    for (const { context } of pages.splice(0)) await context.close();
    for (const home of homes.splice(0)) await home.remove();
  });
  afterAll(async () => browser.close());

  async function startedHome(): Promise<TestHome> {
    const home = new TestHome('[jobs]\nfirst = "digits-tiny"\n');
    homes.push(home);
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    return home;
  }

  async function openedPage(home: TestHome): Promise<WatchedPage> {
    const watched = await newPage(browser);
    pages.push(watched);
    await openWithCode(home, watched.page);
    return watched;
  }

  it("opens with the owner's code, watches a job to paid, verifies its receipt", async () => {
    const home = await startedHome();
    const { page, complaints } = await openedPage(home);
    await page.getByText("Waiting for work: no job is assigned to this machine.").waitFor();
    expect(page.url()).not.toContain("code=");

    await submit(page, "digits-tiny");
    const list = page.getByRole("region", { name: "What others checked" });
    await list.getByText("paid").waitFor({ timeout: JOB_TIMEOUT_MS });
    await list.getByText(/replayed, all equal|full replay equal/).waitFor();

    await page.getByRole("link", { name: "Rewards" }).click();
    const line = page.getByRole("region", { name: "Payments, newest first" }).getByRole("link");
    await line.first().click();
    await page.getByRole("button", { name: "Verify here" }).click();
    await page.getByText("Verified here, in").waitFor();
    await page.getByText("minted by the network; proved by this receipt").waitFor();

    await page.getByRole("link", { name: "Work" }).click();
    await page.locator('a[data-job="digits-tiny"]').first().click();
    for (const what of ["job submitted", "result sealed", "result opened", "check opened"]) {
      await page.getByText(what).waitFor();
    }
    await page
      .getByRole("link", { name: /^slot \d+$/ })
      .first()
      .click();
    await page.getByText(/^Path verified here: \d+ hash(es)?$/).waitFor();
    expect(complaints).toEqual([]);
  });

  it("pauses and resumes work, and draws its curves in a page opened afterwards", async () => {
    const home = await startedHome();
    const { page } = await openedPage(home);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("Paused by you, until you press Start.").waitFor();
    await submit(page, "digits-tiny");
    await page.getByRole("button", { name: "Start" }).click();
    const list = page.getByRole("region", { name: "What others checked" });
    await list.getByText("paid").waitFor({ timeout: JOB_TIMEOUT_MS });
    const late = await openedPage(home);
    await late.page.getByRole("heading", { name: "Last training" }).waitFor();
    const loss = late.page.getByRole("img", { name: /^loss: from \d/ });
    const said = (await loss.getAttribute("aria-label")) ?? "";
    const [first, last] = said.match(/\d+\.\d+/g)!.map(Number);
    expect(last).toBeLessThan(first);
    expect(late.complaints).toEqual([]);
  });

  it("says that the daemon is gone, and how to get back in once it is back", async () => {
    const home = await startedHome();
    const { page } = await openedPage(home);
    await page.getByText("Waiting for work").waitFor();
    process.kill(await home.daemonPid(), "SIGKILL");
    await page.getByText("The miner does not answer; this page tries again by itself.").waitFor();
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    await openWithCode(home, page);
    await page.getByText("Waiting for work").waitFor();
  });

  it("is in view within a second, and nearly idle while open", async () => {
    const home = await startedHome();
    const { page } = await openedPage(home);
    await page.getByText("Waiting for work").waitFor();
    const began = performance.now();
    await page.reload();
    await page.getByText("Waiting for work").waitFor();
    const viewMs = performance.now() - began;
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    const before = await taskSeconds();
    const watchedMs = 5_000;
    await page.waitForTimeout(watchedMs);
    const share = ((await taskSeconds()) - before) / (watchedMs / 1_000);
    process.stdout.write(`page: first view ${viewMs.toFixed(0)} ms, main thread busy `);
    process.stdout.write(`${(100 * share).toFixed(2)} % of a core while open and idle\n`);
    expect(viewMs).toBeLessThan(1_000);
    expect(share).toBeLessThan(0.02);

    async function taskSeconds(): Promise<number> {
      const { metrics } = await session.send("Performance.getMetrics");
      return metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
    }
  });
});

/** Follows the file that `vivian open` writes, as the owner's browser does. */
async function openWithCode(home: TestHome, page: Page): Promise<void> {
  const ran = await home.run(["open", "--json", "--level", "operate"]);
  expect(ran).toMatchObject({ code: 0 });
  const { file } = JSON.parse(ran.stdout) as OpenedPage;
  const address = /http:\/\/127\.0\.0\.1:\d+\/#code=[A-Za-z0-9_-]+/.exec(
    readFileSync(file, "utf8"),
  );
  await page.goto(address?.[0] ?? "about:blank");
}

/** Presses Submit beside a listed job. */
async function submit(page: Page, name: string): Promise<void> {
  const line = page.getByRole("listitem").filter({ has: page.getByText(name, { exact: true }) });
  await line.getByRole("button", { name: "Submit" }).click();
}

/**
 * What the page and its daemon may cost, measured on both as they are: the real page in a real
 * browser, the real daemon with the real job. Each figure is printed and held to its limit.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { TestHome } from "../integration/processes/run-vivian.ts";
import { setUpPage } from "./built-page.ts";
import { ASSETS } from "./mocked-daemon.ts";
import { chromiumFile, launchChromium, newPage } from "./open-chromium.ts";
import { openWithCode } from "./open-with-code.ts";
import { canReadProcesses, cheapestShares, residentMebibytes } from "./processor-time.ts";
import type { Shares } from "./processor-time.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const FIRST_VIEW_MS = 1_000;
const SCRIPT_KIBIBYTES = 200;
const CORE_SHARE = 0.02;
const IDLE_MEBIBYTES = 250;
const SECOND_START_MS = 3_000;

/** Enough of the real job that training lasts through the windows of both measurements. */
const JOBS = 12;

/** Each figure is the best of so many: other work on the machine can only make one worse. */
const TRIES = 3;
/** Starts are tried until one is in time: each waits for processors that others may hold. */
const START_TRIES = 5;
const WINDOWS = { count: TRIES, lengthMs: 5_000 };
/** Without a page; more of them find a cheaper one, which makes the page's share dearer. */
const BLANK_WINDOWS = { ...WINDOWS, count: 2 };

const told = (line: string) => process.stdout.write(`limits: ${line}\n`);
const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

describe("the built scripts", () => {
  beforeAll(setUpPage);

  it("are at most 200 KiB, compressed", () => {
    const scripts = readdirSync(ASSETS).filter((name) => name.endsWith(".js"));
    expect(scripts.length).toBeGreaterThan(0);
    const sizes = scripts.map((name) => gzipSync(readFileSync(join(ASSETS, name))).length);
    const kibibytes = sizes.reduce((sum, size) => sum + size, 0) / 1_024;
    told(`scripts ${kibibytes.toFixed(1)} KiB gzip`);
    expect(kibibytes).toBeLessThanOrEqual(SCRIPT_KIBIBYTES);
  });
});

describe.skipIf(chromiumFile === undefined || !canReadProcesses)("an open page", () => {
  // One thread trains, so that on a small machine browser and daemon are measured and not queued.
  const home = new TestHome('[jobs]\nfirst = "digits-cnn"\n[mining]\nthreads = 1\n');
  let browser: Browser;
  let page: Page;
  let pid: number;

  beforeAll(async () => {
    await setUpPage();
    browser = await launchChromium();
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    pid = await home.daemonPid();
    ({ page } = await newPage(browser));
  });
  afterAll(async () => {
    await browser.close();
    await home.remove();
  });

  it("is in view within a second, and the idle daemon is small", async () => {
    await openWithCode(home, page);
    await page.getByText(/^Waiting for work/).waitFor();
    const session = await page.context().newCDPSession(page);
    await session.send("Network.setCacheDisabled", { cacheDisabled: true });
    const views: number[] = [];
    for (let index = 0; index < TRIES; index += 1) {
      await page.reload({ waitUntil: "commit" });
      await page.getByText(/^Waiting for work/).waitFor();
      // The browser's own clock, which begins with the navigation.
      views.push(await page.evaluate<number>("performance.now()"));
    }
    await session.detach();
    const mebibytes = residentMebibytes(pid);
    told(`first view ${Math.min(...views).toFixed(0)} ms, nothing cached`);
    told(`idle daemon ${mebibytes.toFixed(0)} MiB resident, page open`);
    expect(Math.min(...views)).toBeLessThan(FIRST_VIEW_MS);
    expect(mebibytes).toBeLessThanOrEqual(IDLE_MEBIBYTES);
  });

  it("costs at most 2 % of a core, idle and while it shows a training", async () => {
    await page.goto("about:blank");
    const blankIdle = await cheapestShares(browser, pid, BLANK_WINDOWS);
    await page.goBack();
    await page.getByText(/^Waiting for work/).waitFor();
    const isCheap = (shown: Shares) => costOf(shown, blankIdle) <= CORE_SHARE;
    const idle = await cheapestShares(browser, pid, WINDOWS, isCheap);
    tell("idle", idle, blankIdle);

    const client = await home.connect();
    for (let index = 0; index < JOBS; index += 1) {
      expect(await client?.call("job.submit", { name: "digits-cnn" })).toMatchObject({ ok: true });
    }
    await page.getByText(/^Training “digits-cnn”/).waitFor();
    // As many windows of each: the daemon's own work is not the same in all of them.
    const shown = await cheapestShares(browser, pid, WINDOWS);
    await page.goto("about:blank");
    const blank = await cheapestShares(browser, pid, WINDOWS);
    tell("training", shown, blank);
    const status = await client?.call("status", {});
    client?.close();
    // The control: there was something to show until the end.
    expect(status).toMatchObject({ ok: true, value: { mine: { state: "working" } } });
    expect(costOf(idle, blankIdle)).toBeLessThanOrEqual(CORE_SHARE);
    expect(costOf(shown, blank)).toBeLessThanOrEqual(CORE_SHARE);
  });
});

/** All of the browser, and what the daemon does more than without a page. */
function costOf(shown: Shares, blank: Shares): number {
  return shown.browser + Math.max(0, shown.daemon - blank.daemon);
}

function tell(when: string, shown: Shares, blank: Shares): void {
  told(
    `${when}: ${percent(costOf(shown, blank))} of a core; browser, all processes, ` +
      `${percent(shown.browser)} (empty page ${percent(blank.browser)}), of it renderer ` +
      `${percent(shown.renderer)}; daemon ${percent(shown.daemon)} (no page ` +
      `${percent(blank.daemon)})`,
  );
}

describe("the second `npm start`", () => {
  const home = new TestHome('[jobs]\nfirst = "digits-tiny"\n');
  afterAll(() => home.remove());

  it("reaches the page within 3 s", async () => {
    const first = await timeToPage();
    let best = Infinity;
    for (let left = START_TRIES; left > 0 && best >= SECOND_START_MS; left -= 1) {
      best = Math.min(best, await timeToPage());
    }
    told(
      `page answers ${best.toFixed(0)} ms after npm start, the first time ${first.toFixed(0)} ms`,
    );
    expect(best).toBeLessThan(SECOND_START_MS);
  });

  /** From the start of the process to the page's first answer, in milliseconds. */
  async function timeToPage(): Promise<number> {
    const env = { ...process.env, ...home.environment, npm_config_update_notifier: "false" };
    const began = performance.now();
    const start = spawn("npm", ["start"], { cwd: ROOT, env, stdio: "pipe" });
    let said = "";
    start.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const address = new Promise<string>((resolve, fail) => {
      start.stdout.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(said)?.[0];
        if (found !== undefined) resolve(found);
      });
      start.once("close", () => fail(new Error(`it ended before it said its address: ${said}`)));
    });
    const answer = await fetch(await address);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("VIVIAN Miner");
    const took = performance.now() - began;
    const ended = once(start, "close");
    await home.run(["stop"]);
    await ended;
    return took;
  }
});

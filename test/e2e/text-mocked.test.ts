/**
 * What the page shows of a job on text, against a daemon of fixtures: it is ordered with its own
 * fields, and judged by its loss wherever other jobs show their accuracy.
 */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { JobDetail, Quote, Status } from "../../src-main/contract/control-api/index.ts";
import { SAMPLE_UNIT } from "../unit/processes/cli/sample-status.ts";
import { textSet } from "../unit/processes/daemon/sample-set.ts";
import { setUpPage } from "./built-page.ts";
import { MockedDaemon } from "./mocked-daemon.ts";
import { chromiumFile, launchChromium, newPage } from "./open-chromium.ts";
import type { WatchedPage } from "./open-chromium.ts";
import { PAID_JOB, workingAnswers, workingStatus } from "./page-fixtures.ts";
import { QUOTE, walletAnswers } from "./wallet-fixtures.ts";

const FOLDER = fileURLToPath(new URL("../../build/reports/screens/", import.meta.url));

const QUOTED: Quote = {
  ...QUOTE,
  data: textSet().data,
  model: "embedding 96, 3 × transformer block of 3 heads, layer norm; learns by AdamW",
  steps: 1_000,
  batchSize: 16,
};

const points = [1, 200, 400, 600].map((step) => {
  return { step, loss: 5.5 - step / 200, accuracy: null };
});

/** A daemon that trains a text, and has trained one. */
function textDaemon(): MockedDaemon {
  const known = workingStatus();
  const shown = { ...SAMPLE_UNIT, task: "text", jobName: "tales.txt", loss: 2.302585 } as const;
  const unit = { ...shown, accuracy: null };
  const status: Status = { ...known, mine: { ...known.mine, unit } };
  const answers = { ...workingAnswers(), ...walletAnswers() };
  const asText = (job: JobDetail): JobDetail => {
    if (job.result === null) return job;
    const text = { nats: 1.386294, bytes: 119_808 };
    const holdout = { correct: 9_000, total: 29_952, text };
    return { ...job, name: "tales.txt", result: { ...job.result, holdout } };
  };
  const daemon = new MockedDaemon(status, {
    ...answers,
    "job.show": (asked) => asText(answers["job.show"]?.(asked) as JobDetail),
    "job.quote": () => QUOTED,
    "unit.curve": () => ({ points }),
  });
  daemon.level = "spend";
  return daemon;
}

describe.skipIf(chromiumFile === undefined)("a job on text", () => {
  let browser: Browser;
  const running: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    mkdirSync(FOLDER, { recursive: true });
    await setUpPage();
    browser = await launchChromium();
  });
  afterEach(async () => {
    for (const end of running.splice(0)) await end();
  });
  afterAll(async () => browser.close());

  async function opened(
    look: Parameters<typeof newPage>[1] = {},
  ): Promise<WatchedPage & { daemon: MockedDaemon }> {
    const daemon = textDaemon();
    await daemon.start();
    const watched = await newPage(browser, look);
    running.push(async () => {
      await watched.context.close();
      await daemon.stop();
    });
    await watched.page.goto(`${daemon.address}/#code=${daemon.code}`);
    await watched.page.getByRole("heading", { name: "tales.txt" }).waitFor();
    return { ...watched, daemon };
  }

  it("is ordered with what is said of a text, and refused where a number is none", async () => {
    const { page, daemon, complaints } = await opened();
    await page.getByRole("link", { name: "Work" }).click();
    const own = page.getByRole("region", { name: "Train on your own data" });
    await own.getByLabel("File or folder on the miner's machine").fill("/home/ada/tales.txt");
    await own.getByText("For a text: its tokens").click();
    await own.getByLabel("Tokens", { exact: true }).selectOption("characters");
    await own.getByLabel("Context").fill("64 tokens");
    await own.getByRole("button", { name: "Preview" }).click();
    await own.getByText("Context, layers or width is not a whole number.").waitFor();
    await own.getByLabel("Context").fill("64");
    await own.getByLabel("Layers").fill("2");
    await own.getByRole("button", { name: "Preview" }).click();
    await own.getByText("16 blocks of 128 tokens").waitFor();
    const asked = daemon.calls.filter(({ method }) => method === "job.quote");
    const text = { tokens: "characters", context: 64, layers: 2, width: null };
    expect(asked).toMatchObject([{ params: { data: "/home/ada/tales.txt", text } }]);
    expect(complaints).toEqual([]);
  });

  const looks = (["dark", "light"] as const).flatMap((scheme) => {
    return [1_280, 700].map((width) => ({ scheme, width }));
  });

  it.each(looks)("is judged by its loss: $scheme, $width px", async ({ scheme, width }) => {
    const { page, complaints } = await opened({ scheme, width, height: 900 });
    const shoot = (name: string) =>
      page.screenshot({
        path: join(FOLDER, `text-${name}-${scheme}-${width}.png`),
        fullPage: true,
      });
    const fits = async () =>
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThan(width + 1);
    await page.getByRole("img", { name: "loss, nats per token: from 5.495 to" }).waitFor();
    expect(await page.getByText(/accuracy/i).count()).toBe(0);
    await fits();
    await shoot("home");
    await page.goto(`${page.url().split("#")[0]}#/work/${PAID_JOB}`);
    const said = "loss 1.386 nats per token, perplexity 4.0, 0.500 bits per byte";
    await page.getByText(said).waitFor();
    expect(await page.getByText(/ right of /).count()).toBe(0);
    await page.getByText("For a text: its tokens").click();
    await fits();
    await shoot("work");
    expect(complaints).toEqual([]);
  });
});

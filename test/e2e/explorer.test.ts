/**
 * The Explorer with a real daemon in a real browser: a payment is followed from Home to its slot,
 * to the account it was paid to, and to a receipt file that is checked far from here.
 */

import { join } from "node:path";

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { TestHome } from "../integration/processes/run-vivian.ts";
import { setUpPage } from "./built-page.ts";
import { chromiumFile, launchChromium, newPage } from "./open-chromium.ts";
import { openWithCode } from "./open-with-code.ts";

if (chromiumFile === undefined) process.stdout.write("page tests: no Chromium on PATH\n");

/** How long a job of seconds may take where a slow machine does other things too. */
const JOB_TIMEOUT_MS = 120_000;

describe.skipIf(chromiumFile === undefined)("the Explorer with a real daemon", () => {
  const home = new TestHome();
  let browser: Browser;

  beforeAll(async () => {
    await setUpPage();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await home.remove();
  });

  it("follows a payment from Home to slot, account, job and a receipt", async () => {
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    const { page, complaints } = await newPage(browser);
    await openWithCode(home, page);
    const offered = page.getByRole("listitem");
    const line = offered.filter({ has: page.getByText("digits-tiny", { exact: true }) });
    await line.getByRole("button", { name: "Submit" }).click();
    const checked = page.getByRole("region", { name: "What others checked" });
    await checked.getByText("paid", { exact: true }).waitFor({ timeout: JOB_TIMEOUT_MS });
    await checked.getByRole("link", { name: /^slot / }).click();

    const record = page.getByRole("region", { name: "Record" });
    await record.getByText("verified here").waitFor();
    await page.getByText("step by step from the network's genesis document").waitFor();
    const slot = new URL(page.url()).hash;
    await page.getByRole("region", { name: "Commit" }).getByText("rule version").waitFor();
    const paid = record.getByText("VIV paid to").first();
    await paid.getByRole("link").first().click();

    const account = page.getByRole("region", { name: "Account" });
    await account.getByText("verified here").waitFor();
    const feed = page.getByRole("region", { name: "Feed" });
    await feed.getByText("and no other: recomputed here, none left out").waitFor();
    await feed.locator(`a[href="${slot}"]`).first().click();

    await record.locator('a[href^="#/explorer/unit/"]').first().click();
    const story = page.getByRole("region", { name: "Story" });
    for (const what of ["job submitted", "result sealed", "result opened", "check opened"]) {
      await story.getByText(what, { exact: true }).waitFor();
    }
    await story.locator(`a[href="${slot}"]`).click();

    await page.getByRole("button", { name: "Verify here" }).click();
    await page.getByText("Verified here, in").waitFor();
    const saving = page.waitForEvent("download");
    await page.getByRole("link", { name: "Save the receipt" }).click();
    const download = await saving;
    expect(download.suggestedFilename()).toBe(`${slot.replace("#/explorer/", "slot-")}.receipt`);
    const file = join(home.root, "given.receipt");
    await download.saveAs(file);
    expect(complaints).toEqual([]);

    const status = JSON.parse((await home.run(["status", "--json"])).stdout) as { genesis: string };
    const far = { VIVIAN_HOME: join(home.root, "nowhere") };
    const verify = ["wallet", "receipt", "verify", file, "--genesis", status.genesis, "--json"];
    const verified = await home.run(verify, far);
    expect(verified).toMatchObject({ code: 0, stderr: "" });
    const { ok, effects } = JSON.parse(verified.stdout) as { ok: boolean; effects: string[] };
    expect(ok).toBe(true);
    expect(effects.filter((effect) => effect.includes(" paid to "))).toHaveLength(3);
  });

  it("goes on from what the tab has checked after the page was loaded again", async () => {
    const { page } = await newPage(browser);
    await openWithCode(home, page);
    await page.evaluate('location.hash = "#/explorer/1"');
    await page.getByText(/^Recomputed here in /).waitFor();
    const kept = await page.evaluate<string>('sessionStorage.getItem("vivian.light")');
    expect(kept).toMatch(/^genesis [0-9a-f]+$/);
    await page.reload();
    await page.getByText(/^Recomputed here in /).waitFor();
  });
});

/**
 * The wallet of the page with a real daemon: made in the terminal, funded, paid from in the page
 * after a wrong password and its wait, the receipt recomputed in the page, a job ordered.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { OpenedPage } from "../../src-main/contract/control-api/index.ts";
import { TestHome } from "../integration/processes/run-vivian.ts";
import { irisCsv } from "../worlds/own-data-files.ts";
import { setUpPage } from "./built-page.ts";
import { chromiumFile, launchChromium, newPage } from "./open-chromium.ts";
import type { WatchedPage } from "./open-chromium.ts";
import { runScript, shownWords } from "./wallet-script.ts";

if (chromiumFile === undefined) process.stdout.write("page tests: no Chromium on PATH\n");

const PASSWORD = "correct horse battery";
const WRONG = "wrong horse staple";
const RECEIVER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

/** A small job where a slow machine does other things too. */
const JOB_TIMEOUT_MS = 120_000;

describe.skipIf(chromiumFile === undefined)("the page's wallet with a real daemon", () => {
  const home = new TestHome('[mining]\nstart = true\n[jobs]\nfirst = "digits-tiny"\n');
  const passwordFile = join(home.root, "password");
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;
  let address = "";

  beforeAll(async () => {
    await setUpPage();
    browser = await launchChromium();
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    watched = await newPage(browser);
    page = watched.page;
    const opened = await home.run(["open", "--json", "--level", "spend"]);
    const { file } = JSON.parse(opened.stdout) as OpenedPage;
    const link = /http:\/\/127\.0\.0\.1:\d+\/#code=[^"'<]+/.exec(readFileSync(file, "utf8"));
    await page.goto(link?.[0] ?? "");
    await page.getByRole("link", { name: "Wallet" }).click();
  });
  afterAll(async () => {
    await browser.close();
    await home.remove();
  });

  it("asks for one to be made in the terminal, and shows it once it is", async () => {
    await page.getByRole("heading", { name: "No wallet yet" }).waitFor();
    writeFileSync(passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
    const words = ["wallet", "create", "savings", "--password-file", passwordFile, "--json"];
    const made = await runScript(home, words, (question, stderr) => {
      const place = /Word (\d+): $/.exec(question)?.[1];
      return place === undefined ? null : (shownWords(stderr).get(Number(place)) ?? "");
    });
    expect(made, made.stderr).toMatchObject({ code: 0 });
    // Shown once: the words stand in this order in one place of all that was said.
    const phrase = [...shownWords(made.stderr).values()];
    expect(phrase).toHaveLength(12);
    expect(made.stderr.split(new RegExp(`1 ${phrase[0]}\\b`))).toHaveLength(2);
    address = (JSON.parse(made.stdout) as { address: string }).address;
    const funded = await home.run(["wallet", "send", address, "10", "--yes"]);
    expect(funded, funded.stderr).toMatchObject({ code: 0 });
    const receive = page.getByRole("region", { name: "Receive with savings" });
    await receive.getByText(address, { exact: true }).waitFor();
    await page.getByRole("link", { name: /savings .*10\.00/ }).waitFor();
  });

  it("previews, waits after a wrong password, pays with the right one, proves it", async () => {
    await page.getByLabel("To", { exact: true }).fill(RECEIVER);
    await page.getByLabel("Amount in VIV").fill("1.25");
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByText("This ledger has never seen that address.").waitFor();
    await page.getByText(/^about 8\.7\d+ VIV of 10 VIV$/).waitFor();
    const password = page.getByLabel("Password of savings");
    await password.fill(WRONG);
    await password.press("Enter");
    await page.getByText("The password does not open this wallet").waitFor();
    await page.getByText(/^The next try is in \d+ s\.$/).waitFor();
    expect(await password.isDisabled()).toBe(true);
    expect(await password.inputValue()).toBe("");
    await page.getByText("Asked each time, used for this and kept nowhere.").waitFor();
    await password.fill(PASSWORD);
    await page.getByRole("button", { name: "Send 1.25 VIV" }).click();
    await page.getByText("Sent 1.25 VIV, final in slot").waitFor();
    await page.getByRole("button", { name: "Verify here" }).click();
    await page.getByText("Verified here, in").waitFor();
    const history = page.getByRole("region", { name: "History of savings" });
    await history.getByRole("button", { name: /sent .*-1\.25/ }).click();
    await history.getByRole("button", { name: "Verify here" }).click();
    await history.getByText("Verified here, in").waitFor();
    const receiver = await home.run(["wallet", "history", "--of", RECEIVER]);
    expect(receiver.stdout).toContain("+1.25 VIV");
    expect(watched.complaints).toEqual([]);
  });

  it("orders a job on own data, which the wallet pays and the machine trains", async () => {
    const data = join(home.root, "iris.csv");
    writeFileSync(data, irisCsv());
    await page.getByRole("link", { name: "Work" }).click();
    const own = page.getByRole("region", { name: "Train on your own data" });
    await own.getByLabel("File or folder on the miner's machine").fill(data);
    await own.getByLabel("How long").selectOption("steps");
    await own.getByLabel("Steps").fill("120");
    await own.getByRole("button", { name: "Preview" }).click();
    await own.getByText("recomputed bit for bit").waitFor({ timeout: JOB_TIMEOUT_MS });
    await own.getByLabel("Password of savings").fill(PASSWORD);
    await own.getByRole("button", { name: /^Order for / }).click();
    await own.getByText("The job is in the ledger").waitFor();
    const paid = page.getByRole("region", { name: "Paid" });
    await paid.getByText("iris.csv").waitFor({ timeout: JOB_TIMEOUT_MS });
    const history = await home.run(["wallet", "history", "--of", "savings"]);
    expect(history.stdout).toMatch(/savings +job-create/);
    expect(watched.complaints).toEqual([]);
  });

  it("has left the passwords in no file, log, address or store of the browser", async () => {
    const kept = await page.evaluate(
      "JSON.stringify([location.href, {...sessionStorage}, {...localStorage}, document.cookie])",
    );
    const files = readdirSync(home.root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => file !== passwordFile);
    for (const secret of [PASSWORD, WRONG]) {
      expect(kept).not.toContain(secret);
      for (const file of files) expect(readFileSync(file).includes(secret), file).toBe(false);
    }
    expect(readFileSync(passwordFile, "utf8")).toContain(PASSWORD);
  });
});

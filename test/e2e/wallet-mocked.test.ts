/** The wallet's screen against a daemon of fixtures, in a real browser: every form it can take. */

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { setUpPage } from "./built-page.ts";
import { MockedDaemon, Refused } from "./mocked-daemon.ts";
import type { Answers } from "./mocked-daemon.ts";
import { chromiumFile, launchChromium, newPage } from "./open-chromium.ts";
import type { WatchedPage } from "./open-chromium.ts";
import { workingStatus } from "./page-fixtures.ts";
import { PREVIEW, RECEIVER, SAVINGS, walletAnswers } from "./wallet-fixtures.ts";

if (chromiumFile === undefined) process.stdout.write("page tests: no Chromium on PATH\n");

const PASSWORD = "correct horse battery";

describe.skipIf(chromiumFile === undefined)("the wallet's screen", () => {
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
    answers: Answers = {},
    level: MockedDaemon["level"] = "spend",
  ): Promise<WatchedPage & { daemon: MockedDaemon }> {
    const daemon = new MockedDaemon(workingStatus(), { ...walletAnswers(), ...answers });
    daemon.level = level;
    await daemon.start();
    const watched = await newPage(browser);
    running.push(async () => {
      await watched.context.close();
      await daemon.stop();
    });
    const { page } = watched;
    await page.goto(`${daemon.address}/#code=${daemon.code}`);
    await page.getByRole("link", { name: "Wallet" }).click();
    await page.getByRole("heading", { name: "Wallet", exact: true }).waitFor();
    return { ...watched, daemon };
  }

  /** Types a payment and asks for its preview, by keyboard alone. */
  async function typed(page: Page, to = RECEIVER, amount = "1.5"): Promise<void> {
    await page.getByLabel("To", { exact: true }).fill(to);
    await page.getByLabel("Amount in VIV").fill(amount);
    await page.getByLabel("Amount in VIV").press("Enter");
  }

  const callsOf = ({ calls }: MockedDaemon, name: string) =>
    calls.filter(({ method }) => method === name).map(({ params }) => params);

  it("shows balances, the whole address, and the history of the wallet that is open", async () => {
    const { page, complaints } = await opened();
    const receive = page.getByRole("region", { name: "Receive with savings" });
    await receive.getByText(SAVINGS, { exact: true }).waitFor();
    const history = page.getByRole("region", { name: "History of savings" });
    await history.getByRole("button", { name: /received .*\+250\.00/ }).waitFor();
    await history.getByRole("button", { name: /sent, refused/ }).click();
    await history.getByText("LEDGER_BALANCE").waitFor();
    await page.getByRole("link", { name: /travel-2/ }).click();
    const other = page.getByRole("region", { name: "Receive with travel-2" });
    await other.getByText(RECEIVER, { exact: true }).waitFor();
    await page.getByText("Nothing has come or gone yet.").waitFor();
    await page.getByText("its file is damaged").waitFor();
    expect(complaints).toEqual([]);
  });

  it("says where a wallet is made when there is none, and offers nothing else", async () => {
    const { page } = await opened({ "wallet.list": () => ({ wallets: [], valueNote: "" }) });
    await page.getByRole("heading", { name: "No wallet yet" }).waitFor();
    await page.getByText("vivian wallet create").waitFor();
    expect(await page.getByRole("textbox").count()).toBe(0);
    await page.getByRole("link", { name: "Work" }).click();
    await page.getByText("vivian wallet create").waitFor();
  });

  it("previews, and sends no password before it is confirmed", async () => {
    const { page, daemon, complaints } = await opened();
    await typed(page);
    await page.getByText("This ledger has never seen that address.").waitFor();
    await page.getByText("0.0000658 VIV, at most 0.0001316 VIV").waitFor();
    expect(callsOf(daemon, "wallet.pay")).toEqual([]);
    const send = page.getByRole("button", { name: "Send 1.5 VIV" });
    expect(await send.isDisabled()).toBe(true);
    await page.getByLabel("Password of savings").fill(PASSWORD);
    await page.getByLabel("Password of savings").press("Enter");
    await page.getByText("Sent 1.5 VIV, final in slot").waitFor();
    const asked = { preview: PREVIEW.preview, password: PASSWORD };
    expect(callsOf(daemon, "wallet.pay")).toEqual([asked]);
    const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
    expect(kept).not.toContain(PASSWORD);
    await page.getByRole("button", { name: "Verify here" }).first().click();
    await page.getByText("Verified here, in").waitFor();
    expect(complaints).toEqual([]);
  });

  it("says why a payment would be refused, and lets nobody confirm it", async () => {
    const short = { ...PREVIEW, preview: null, leftBase: null, code: "WALLET_BALANCE_SHORT" };
    const { page } = await opened({ "wallet.preview": () => short });
    await typed(page);
    await page.getByText("Refused because: The balance does not cover amount and fee").waitFor();
    expect(await page.getByLabel("Password of savings").count()).toBe(0);
    await page.getByRole("button", { name: "Change" }).click();
    expect(await page.getByLabel("Amount in VIV").inputValue()).toBe("1.5");
  });

  it("keeps what was typed where address or amount are wrong", async () => {
    const mistyped = () => new Refused("CRYPTO_ADDRESS_CHECKSUM");
    const { page, daemon } = await opened({ "wallet.preview": mistyped });
    await typed(page, RECEIVER.toLowerCase().replace("c", "C"));
    await page.getByRole("alert").getByText("CRYPTO_ADDRESS_CHECKSUM", { exact: true }).waitFor();
    await typed(page, RECEIVER, "1,5");
    await page.getByRole("alert").getByText("WALLET_AMOUNT").waitFor();
    expect(callsOf(daemon, "wallet.preview")).toHaveLength(1);
    expect(await page.getByLabel("To", { exact: true }).inputValue()).toBe(RECEIVER);
  });

  it("does not call a payment refused when its answer never came", async () => {
    const { page, daemon } = await opened({ "wallet.pay": () => undefined });
    await typed(page);
    await page.getByLabel("Password of savings").fill(PASSWORD);
    await page.getByRole("button", { name: "Send 1.5 VIV" }).click();
    await page.getByText("Opening the wallet, signing, waiting until it is final.").waitFor();
    await daemon.stop();
    await page.getByRole("alert").getByText("WALLET_SEND_UNKNOWN").waitFor();
    await daemon.start();
  });

  it("tells a session of a lower level how to get one that may pay", async () => {
    const { page, daemon } = await opened({}, "operate");
    await page.getByText("vivian open --level spend").waitFor();
    await page.getByLabel("To", { exact: true }).fill(RECEIVER);
    await page.getByLabel("Amount in VIV").fill("1");
    expect(await page.getByRole("button", { name: "Preview" }).isDisabled()).toBe(true);
    await page.getByLabel("Amount in VIV").press("Enter");
    expect(callsOf(daemon, "wallet.preview")).toEqual([]);
  });

  it("orders a job on own data in two steps, the second with the password", async () => {
    const { page, daemon, complaints } = await opened();
    await page.getByRole("link", { name: "Work" }).click();
    const own = page.getByRole("region", { name: "Train on your own data" });
    await own.getByLabel("File or folder on the miner's machine").fill("/home/ada/iris.csv");
    await own.getByLabel("How long").selectOption("epochs");
    await own.getByLabel("Passes").fill("20");
    await own.getByRole("button", { name: "Preview" }).click();
    await own.getByText("are drawn after the result is published").waitFor();
    await own.getByText("Whoever works on a job can read its data").waitFor();
    const asked = { data: "/home/ada/iris.csv", epochs: 20, steps: null, wallet: "savings" };
    expect(callsOf(daemon, "job.quote")).toMatchObject([asked]);
    expect(callsOf(daemon, "wallet.order")).toEqual([]);
    await own.getByLabel("Password of savings").fill(PASSWORD);
    await own.getByRole("button", { name: "Order for 0.027 VIV" }).click();
    await own.getByText("The job is in the ledger").waitFor();
    const ordered = { quote: "cd".repeat(32), password: PASSWORD };
    expect(callsOf(daemon, "wallet.order")).toEqual([ordered]);
    expect(complaints).toEqual([]);
  });

  it("fits 700 pixels without sideways scrolling, in every step", async () => {
    const { page } = await opened();
    await page.setViewportSize({ width: 700, height: 900 });
    const fits = async () =>
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThan(701);
    await fits();
    await typed(page);
    await page.getByLabel("Password of savings").waitFor();
    await fits();
    await page.getByRole("link", { name: "Work" }).click();
    await page.getByLabel("File or folder on the miner's machine").waitFor();
    await fits();
  });
});

/**
 * The Explorer against a daemon of fixtures: what a true one shows, and that each lie of a lying
 * one is told by the page, with its code and with nothing marked as verified.
 */

import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { safeWith } from "../../src-main/contract/safety.ts";
import type { Status } from "../../src-main/contract/control-api/index.ts";
import { concentrationOf } from "../generators/concentration-answers.ts";
import { setUpPage } from "./built-page.ts";
import { flipped } from "./light-fixtures.ts";
import { MockedDaemon, Refused } from "./mocked-daemon.ts";
import type { Answers } from "./mocked-daemon.ts";
import { chromiumFile, launchChromium, newPage } from "./open-chromium.ts";
import type { WatchedPage } from "./open-chromium.ts";
import {
  openingTrust,
  OWNER_ADDRESS,
  PAID_JOB,
  PAID_SLOT,
  PAID_UNIT,
  workingAnswers,
  workingStatus,
} from "./page-fixtures.ts";

/** One step of the page; long on a machine that does other things too. */
const STEP_TIMEOUT_MS = 15_000;

interface SlotAnswer {
  readonly stored: string;
  readonly path: readonly string[];
  readonly outcome: { readonly bytes: string; readonly path: readonly string[] };
  readonly heldBy: object;
}
interface Row {
  readonly table: string;
  readonly bytes: string | null;
}
interface AccountAnswer {
  readonly rows: readonly Row[];
  readonly feed: { readonly slots: readonly number[]; readonly count: number };
}
interface LightAnswer {
  readonly updates: readonly string[];
  readonly newest: number;
}

const right = workingAnswers();
const said = <T>(method: keyof Answers, params: Record<string, unknown>): T =>
  right[method]?.(params) as T;

/** Lies about a slot, each with the code that the page must give. */
const SLOT_LIES: readonly [string, string, (answer: SlotAnswer) => object][] = [
  ["another record", "LEDGER_RECEIPT_RECORD", (a) => ({ ...a, stored: flipped(a.stored) })],
  [
    "another outcome",
    "LEDGER_RECEIPT_OUTCOME",
    (a) => ({ ...a, outcome: { ...a.outcome, bytes: flipped(a.outcome.bytes) } }),
  ],
  ["an outcome left out", "LEDGER_RECEIPT_OUTCOME", (a) => ({ ...a, outcome: null })],
  ["another path", "LEDGER_RECEIPT_RECORD", (a) => ({ ...a, path: a.path.slice(1) })],
  [
    "another slot's record",
    "LEDGER_RECEIPT_RECORD",
    (a) => ({ ...a, stored: said<SlotAnswer>("ledger.slot", { slot: 2 }).stored }),
  ],
  [
    "a commit that does not hold it",
    "LEDGER_LIGHT_COMMIT",
    (a) => ({ ...a, heldBy: said<{ heldBy: object }>("ledger.slot", { slot: 0 }).heldBy }),
  ],
];

const alteredBalance = (answer: AccountAnswer): object => ({
  ...answer,
  balanceBase: "999",
  rows: answer.rows.map((row) =>
    row.table === "accounts" && row.bytes !== null ? { ...row, bytes: flipped(row.bytes) } : row,
  ),
});
const hiddenSlot = ({ feed, ...answer }: AccountAnswer): object => ({
  ...answer,
  feed: { ...feed, whole: true, count: feed.count - 1, slots: feed.slots.slice(1) },
});
const missingRow = (answer: AccountAnswer): object => ({
  ...answer,
  rows: answer.rows.map((row) => (row.table === "workers" ? row : { ...row, bytes: null })),
});

if (chromiumFile === undefined) process.stdout.write("page tests: no Chromium on PATH\n");

describe.skipIf(chromiumFile === undefined)("the Explorer with a mocked daemon", () => {
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
    place: string,
    lies: Answers = {},
    change: (daemon: MockedDaemon) => void = () => undefined,
    status: Status = workingStatus(),
  ): Promise<WatchedPage & { daemon: MockedDaemon }> {
    const daemon = new MockedDaemon(status, { ...workingAnswers(), ...lies });
    change(daemon);
    await daemon.start();
    const watched = await newPage(browser);
    running.push(async () => {
      await watched.context.close();
      await daemon.stop();
    });
    const { page } = watched;
    page.setDefaultTimeout(STEP_TIMEOUT_MS);
    await page.goto(`${daemon.address}/#code=${daemon.code}`);
    await page.getByText("Training “digits-cnn”").first().waitFor();
    await page.evaluate(`location.hash = "#/explorer${place}"`);
    return { ...watched, daemon };
  }

  it("shows a slot with its commit and rule version, all recomputed here", async () => {
    const { page, complaints } = await opened(`/${PAID_SLOT}`);
    await page.getByText(/^Recomputed here in /).waitFor();
    await page.getByText("checked here step by step from the network's genesis").waitFor();
    const commit = page.getByRole("region", { name: "Commit" });
    await commit.getByText("rule version").waitFor();
    expect(await commit.getByText("verified here").count()).toBe(1);
    await page
      .getByText(/VIV paid to/)
      .first()
      .waitFor();
    await page.getByRole("link", { name: "previous" }).click();
    await page.getByRole("heading", { name: new RegExp(`in slot ${PAID_SLOT - 1}$`) }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("leads from a payment to its unit, its job, its account and back, by links", async () => {
    const { page, complaints } = await opened(`/${PAID_SLOT}`);
    const record = page.getByRole("region", { name: "Record" });
    await record.locator(`a[href="#/explorer/unit/${PAID_UNIT}"]`).first().click();
    await page.getByRole("region", { name: "Job" }).getByText("paid so far").waitFor();
    const story = page.getByRole("region", { name: "Story" });
    for (const what of ["job submitted", "result sealed", "result opened", "check opened"]) {
      await story.getByText(what, { exact: true }).waitFor();
    }
    await page.locator(`a[href="#/explorer/account/${OWNER_ADDRESS}"]`).first().click();
    const account = page.getByRole("region", { name: "Account" });
    await account.getByText("verified here").waitFor();
    const feed = page.getByRole("region", { name: "Feed" });
    await feed.getByText("and no other: recomputed here, none left out").waitFor();
    await feed.getByRole("link", { name: "slot 1", exact: true }).click();
    await page.getByRole("heading", { name: "job submitted in slot 1" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("finds a slot, a job, a unit, a record and an address in one field", async () => {
    const { page } = await opened("");
    const field = page.getByRole("textbox", { name: "Slot, id or address" });
    const shown: readonly [string, string][] = [
      ["2", "#/explorer/2"],
      [PAID_JOB, `#/explorer/job/${PAID_JOB}`],
      [PAID_UNIT, `#/explorer/unit/${PAID_UNIT}`],
      [OWNER_ADDRESS, `#/explorer/account/${OWNER_ADDRESS}`],
    ];
    for (const [text, address] of shown) {
      await field.fill(text);
      await page.keyboard.press("Enter");
      await expect.poll(() => new URL(page.url()).hash).toBe(address);
      await page.getByText("verified here", { exact: true }).first().waitFor();
    }
    await field.fill("no such thing");
    await page.getByRole("button", { name: "Show" }).click();
    await page.getByText(/knows nothing of that name/).waitFor();
  });

  it("says how votes, work and money are spread, and in words where there is nothing", async () => {
    const { page, complaints } = await opened("");
    const panel = page.getByRole("region", { name: "Concentration" });
    await panel.getByText(/^1 of 4 validators alone has more than a third of the votes/).waitFor();
    await panel.getByRole("img", { name: "Votes: Gini 0.25, the greatest has 40.0 %" }).waitFor();
    await panel.getByText(/one person may hold many/).waitFor();
    expect(await panel.getByRole("img").count()).toBe(5);
    expect(complaints).toEqual([]);
    const none = await opened("", { "ledger.concentration": () => concentrationOf({}) });
    const empty = none.page.getByRole("region", { name: "Concentration" });
    await empty.getByText("Nobody has bonded anything yet.").waitFor();
    await empty.getByText("No work was paid in these commits yet.").first().waitFor();
    expect(await empty.getByRole("img").count()).toBe(0);
  });

  it("shows a certificate that nobody claimed as that, and refuses a made-up row", async () => {
    const { page } = await opened(`/certificate/${"ab".repeat(32)}`);
    await page
      .getByRole("region", { name: "Certificate" })
      .getByText(/^by nobody/)
      .waitFor();
    const made = ({ commit, rows }: Record<string, unknown>) => ({
      commit,
      rows: said<{ rows: readonly Row[] }>("ledger.rows", { commit, rows }).rows.map((row) => ({
        ...row,
        bytes: "00".repeat(80),
      })),
    });
    const lied = await opened(`/certificate/${"ab".repeat(32)}`, { "ledger.rows": made });
    await lied.page.getByText("What the miner gave does not hold").waitFor();
    expect(await lied.page.getByText("verified here", { exact: true }).count()).toBe(0);
  });

  it.each(SLOT_LIES)("refuses a slot with %s", async (_, code, change) => {
    const lie = (params: Record<string, unknown>) =>
      change(said<SlotAnswer>("ledger.slot", params));
    const { page } = await opened("/4", { "ledger.slot": lie });
    await page.getByText("What the miner gave does not hold").waitFor();
    await page.getByText(code, { exact: true }).waitFor();
    expect(await page.getByText("verified here", { exact: true }).count()).toBe(0);
  });

  it.each([
    ["an altered balance", "LEDGER_LIGHT_STATE", alteredBalance],
    ["a hidden slot", "LEDGER_LIGHT_FEED", hiddenSlot],
    ["a row said to be absent", "LEDGER_LIGHT_STATE", missingRow],
    [
      "a short feed told in part",
      "LEDGER_LIGHT_FEED",
      ({ feed, ...answer }: AccountAnswer) => ({
        ...answer,
        feed: { ...feed, whole: false, slots: feed.slots.slice(1) },
      }),
    ],
  ])("refuses an account with %s", async (_, code, change) => {
    const lie = (params: Record<string, unknown>) =>
      change(said<AccountAnswer>("ledger.account", params));
    const { page } = await opened(`/account/${OWNER_ADDRESS}`, { "ledger.account": lie });
    await page.getByText("What the miner gave does not hold").waitFor();
    await page.getByText(code, { exact: true }).waitFor();
    expect(await page.getByText("verified here", { exact: true }).count()).toBe(0);
    expect(await page.getByText("999").count()).toBe(0);
  });

  it("refuses a forged certificate, and then marks nothing as verified", async () => {
    const lie = (params: Record<string, unknown>) => {
      const { updates, newest } = said<LightAnswer>("ledger.light", params);
      // The signature stands in the certificate, at the beginning of the update.
      return { updates: updates.map((hex) => flipped(hex, 400)), newest };
    };
    const { page } = await opened("/4", { "ledger.light": lie });
    await page.getByText("Nothing can be verified in this page now").waitFor();
    await page
      .getByText(/^LEDGER_(CERTIFICATE|LIGHT)_/)
      .first()
      .waitFor();
    expect(await page.getByText("verified here", { exact: true }).count()).toBe(0);
  });

  it("refuses a ledger that is shorter than it was", async () => {
    const { page, daemon } = await opened("/4");
    await page.getByText(/^Recomputed here in /).waitFor();
    daemon.answers = { ...daemon.answers, "ledger.light": () => ({ updates: [], newest: 1 }) };
    await page.evaluate(`location.hash = "#/explorer/account/${OWNER_ADDRESS}"`);
    await page.getByText("Nothing can be verified in this page now").waitFor();
    await page.getByText("LEDGER_LIGHT_BACK", { exact: true }).first().waitFor();
  });

  it("begins at the opening's commit where the genesis is too old, and says so", async () => {
    const tooOld = {
      "ledger.light": ({ from }: Record<string, unknown>) =>
        Number(from) === 0
          ? new Refused("NODE_PRUNED")
          : said<LightAnswer>("ledger.light", { from }),
    };
    const { page } = await opened("/4", tooOld, (daemon) => (daemon.trust = openingTrust()));
    await page.getByText(/since this page was opened with “vivian open”/).waitFor();
    await page.getByText(/^Recomputed here in /).waitFor();
  });

  it("does not begin at another commit than the opening's, nor without one", async () => {
    const tooOld = { "ledger.light": () => new Refused("NODE_PRUNED") };
    const other = { ...openingTrust(), vectorRoot: "ab".repeat(32) };
    const { page } = await opened("/4", tooOld, (daemon) => (daemon.trust = other));
    await page.getByText("LEDGER_LIGHT_CHECKPOINT", { exact: true }).first().waitFor();
    const without = await opened("/4", tooOld);
    await without.page.getByText("NODE_PRUNED", { exact: true }).first().waitFor();
  });

  it("says of a pruned slot what is gone and what is still proved", async () => {
    const pruned = ({ slot }: Record<string, unknown>) => {
      const answer = said<SlotAnswer & { heldBy: { stored: string } }>("ledger.slot", { slot });
      return { ...answer, stored: null, heldBy: { ...answer.heldBy, stored: null } };
    };
    const { page } = await opened("/4", { "ledger.slot": pruned });
    await page.getByText("This record was pruned from the miner's folder").waitFor();
    await page.getByText("NODE_PRUNED", { exact: true }).waitFor();
    await page.getByText("The record stands in its slot").waitFor();
    expect(await page.getByRole("button", { name: "Verify here" }).count()).toBe(0);
  });

  it("says what a slot beyond the ledger is, and what is safe", async () => {
    const { page } = await opened("/999");
    await page.getByText("NODE_SLOT", { exact: true }).waitFor();
    await page.getByText(`Safe: ${safeWith("NODE_SLOT")}`).waitFor();
  });
});

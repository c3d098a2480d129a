/**
 * Every screen in each of its forms, both themes and two widths: drawn into
 * build/reports/screens, and judged by its own layout. Nothing scrolls sideways, no word is cut,
 * covered or faint, everything that can be used is reached by keyboard, and nothing moves for
 * those who asked for stillness.
 */

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Status } from "../../src-main/contract/control-api/index.ts";
import { setUpPage } from "./built-page.ts";
import { MockedDaemon, Refused, secretText } from "./mocked-daemon.ts";
import { limitAnswers } from "./limit-fixtures.ts";
import type { Answers } from "./mocked-daemon.ts";
import { chromiumFile, launchChromium, newPage } from "./open-chromium.ts";
import {
  emptyAnswers,
  emptyStatus,
  OWNER_ADDRESS,
  PAID_JOB,
  PAID_SLOT,
  workingAnswers,
  workingStatus,
} from "./page-fixtures.ts";
import { walletAnswers } from "./wallet-fixtures.ts";

const FOLDER = fileURLToPath(new URL("../../build/reports/screens/", import.meta.url));
const FAULTS = readFileSync(new URL("./look-faults.mjs", import.meta.url), "utf8");

const FORMS = ["empty", "working", "failing", "offline", "locked"] as const;
type Form = (typeof FORMS)[number];

/** Presses of Tab after which a page that does not lead back has a trap. */
const TABS_MAX = 200;

/** Presses between two looks at whether the walk has ended. */
const TABS_AT_ONCE = 8;

/** The longest motion that the page may have where nobody asked for none (UI: ≤ 160 ms). */
const MOTION_MAX_SECONDS = 0.16;

const looks = FORMS.flatMap((form) =>
  (["dark", "light"] as const).flatMap((scheme) =>
    [1_280, 700].map((width) => ({ form, scheme, width })),
  ),
);

/** What a daemon says whose miner has failed and which refuses everything else. */
function failingStatus(): Status {
  const status = workingStatus();
  const facts = { folder: "/home/ada/.local/share/vivian/practice", freeBytes: 4_096 };
  const mine = { ...status.mine, state: "failed" as const, code: "STORE_DISK_FULL", facts };
  return { ...status, mine: { ...mine, unit: null } };
}

function refusingAnswers(): Answers {
  const methods = Object.keys({ ...walletAnswers(), ...limitAnswers() });
  return Object.fromEntries(methods.map((name) => [name, () => new Refused("API_INTERNAL")]));
}

const DAEMONS: Readonly<Record<Form, () => MockedDaemon>> = {
  empty: () => {
    const none = { "wallet.list": () => ({ wallets: [], valueNote: "practice, no value" }) };
    const answers = { ...walletAnswers(), ...emptyAnswers(), ...limitAnswers(), ...none };
    return new MockedDaemon(emptyStatus(), answers);
  },
  working: () => {
    const answers = { ...workingAnswers(), ...walletAnswers(), ...limitAnswers() };
    return new MockedDaemon(workingStatus(), answers);
  },
  failing: () => new MockedDaemon(failingStatus(), refusingAnswers()),
  offline: () => new MockedDaemon(workingStatus(), workingAnswers()),
  locked: () => new MockedDaemon(workingStatus(), workingAnswers()),
};

/** What is opened on a screen of the working form, so that its longest part is judged too. */
const OPENED: Readonly<Record<string, string>> = {
  work: `/${PAID_JOB}`,
  rewards: `/${PAID_SLOT}`,
  explorer: "/4",
};

describe.skipIf(chromiumFile === undefined)("the screens", () => {
  let browser: Browser;

  beforeAll(async () => {
    await setUpPage();
    mkdirSync(FOLDER, { recursive: true });
    browser = await launchChromium();
  });
  afterAll(async () => browser.close());

  it.each(looks)("are whole and legible: $form, $scheme, $width px", async (look) => {
    const { form, scheme, width } = look;
    const daemon = DAEMONS[form]();
    await daemon.start();
    const { page, context, complaints } = await newPage(browser, { width, height: 900, scheme });
    try {
      await page.goto(`${daemon.address}/${codeFor(form, daemon)}`);
      await page.getByRole("status").first().waitFor();
      const screens = await screensOf(page);
      expect(screens.length).toBeGreaterThanOrEqual(5);
      if (form === "offline") await daemon.stop();
      for (const screen of placesOf(form, screens)) {
        await show(page, form, screen);
        const [place, kind = ""] = screen.split("/");
        const name = `${place}${kind}-${form}-${scheme}-${width}.png`;
        await page.screenshot({ path: join(FOLDER, name), animations: "allow", caret: "initial" });
        expect(await page.evaluate<string[]>(FAULTS), screen).toEqual([]);
        // Colours alone tell the themes apart: what Tab reaches is the same in both.
        if (scheme === "dark") expect(await unreachable(page), screen).toEqual([]);
      }
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
      await daemon.stop();
    }
  });

  it("are judged by a judge who sees each fault that is planted", async () => {
    const daemon = DAEMONS.working();
    await daemon.start();
    const { page, context } = await newPage(browser, { scheme: "dark" });
    await page.goto(`${daemon.address}/#code=${daemon.code}`);
    await page.getByText("Training “digits-cnn”").waitFor();
    expect(await page.evaluate<string[]>(FAULTS)).toEqual([]);
    const planted: readonly [string, string, RegExp][] = [
      [".now h2", "style.color = '#777'", /^contrast \d\.\d+: Now$/],
      [".now h2", "style.fontSize = '11px'", /^small: 11 px: Now$/],
      [".tiles", "style.opacity = '0.5'", /^contrast/],
      ["main .screen", "style.minWidth = '1400px'", /^(sideways|outside)/],
      [".tile h2", "style.position = 'absolute'", /^overlap: Verified today/],
      [".panel .value", "style.overflow = 'hidden'; it.style.width = '20px'", /^clipped/],
    ];
    for (const [place, fault, says] of planted) {
      const element = `const it = document.querySelector(${JSON.stringify(place)})`;
      await page.evaluate(`{ ${element}; it.dataset.kept = it.style.cssText; it.${fault}; }`);
      expect((await page.evaluate<string[]>(FAULTS)).join("\n"), fault).toMatch(
        new RegExp(says.source, "m"),
      );
      await page.evaluate(`{ ${element}; it.style.cssText = it.dataset.kept; }`);
      expect(await page.evaluate<string[]>(FAULTS), `after ${fault}`).toEqual([]);
    }
    await page.evaluate("document.querySelector('nav a').tabIndex = -1");
    expect(await unreachable(page)).toEqual(["not reached: Home"]);
    await context.close();
    await daemon.stop();
  });

  it("do not move for those who asked for stillness, and little for others", async () => {
    const daemon = DAEMONS.working();
    await daemon.start();
    const { page, context } = await newPage(browser);
    await page.goto(`${daemon.address}/#code=${daemon.code}`);
    await page.getByText("Training “digits-cnn”").waitFor();
    expect(await motions(page)).toEqual([]);
    await page.emulateMedia({ reducedMotion: "no-preference" });
    const moving = await motions(page);
    expect(moving.length).toBeGreaterThan(0);
    expect(Math.max(...moving)).toBeLessThanOrEqual(MOTION_MAX_SECONDS);
    await context.close();
    await daemon.stop();
  });
});

/** A code that gets in, none, or one that was used. */
function codeFor(form: Form, { code }: MockedDaemon): string {
  return form === "locked" ? `#code=${secretText("z")}` : `#code=${code}`;
}

/** The screens that the page's own rail leads to. */
function screensOf(page: Page): Promise<string[]> {
  const links = `[...document.querySelectorAll("nav a")]`;
  return page.evaluate<string[]>(`${links}.map((one) => one.getAttribute("href").slice(2))`);
}

/** What is looked at: the screens, and in the working form what the Explorer opens. */
function placesOf(form: Form, screens: readonly string[]): readonly string[] {
  if (form === "locked") return screens.slice(0, 1);
  const deep = [`explorer/account/${OWNER_ADDRESS}`, `explorer/job/${PAID_JOB}`, "explorer/none"];
  return form === "working" ? [...screens, ...deep] : screens;
}

/** Goes to a screen and waits until it says what its form has to say. */
async function show(page: Page, form: Form, screen: string): Promise<void> {
  const opened = form === "working" ? (OPENED[screen] ?? "") : "";
  await page.evaluate(`location.hash = "#/${screen}${opened}"`);
  const said = {
    empty: "Waiting for work",
    working: "Training “digits-cnn”",
    failing: "Stopped:",
    offline: "The miner does not answer",
    locked: "This code was used before",
  };
  await page.getByText(said[form]).first().waitFor();
  const waits = "/Reading|Asking|Checking the newest/.test(document.body.innerText)";
  await expect.poll(() => page.evaluate(waits), { interval: 20, timeout: 10_000 }).toBe(false);
  expect(await page.evaluate("document.querySelector('main').scrollTop")).toBe(0);
  if (form === "working" && screen === "rewards") {
    await page.getByRole("button", { name: "Verify here" }).click();
    await page.getByText("Verified here, in").waitFor();
  }
  // Typefaces and the frame after the last answer.
  await page.evaluate("document.fonts.ready");
  await page.evaluate("new Promise((go) => requestAnimationFrame(() => setTimeout(go, 60)))");
}

/** What Tab does not lead to, and where it leads without showing it. */
async function unreachable(page: Page): Promise<string[]> {
  await page.evaluate(WALK);
  // At each press the page notes what it left; past the last element stands nothing.
  let ended = false;
  for (let press = 0; press < TABS_MAX && !ended; press += 1) {
    await page.keyboard.press("Tab");
    if (press % TABS_AT_ONCE === 0) {
      ended = await page.evaluate<boolean>("globalThis.steps.indexOf(null, 1) > 0");
    }
  }
  return page.evaluate<string[]>(`(() => {
    removeEventListener("keydown", globalThis.step, true);
    document.activeElement?.blur();
    const faults = globalThis.steps.filter((one) => one !== null && one !== "");
    const left = [...globalThis.left].map((one) => "not reached: " + one.innerText.trim());
    return [...faults, ...left];
  })()`);
}

/** Begins at the top, and takes each element that had the focus off the list of those to come. */
const WALK = `{
  const usable = "a[href], :is(button, input, select, textarea):not(:disabled)";
  globalThis.left = new Set([...document.querySelectorAll(usable)].filter((one) =>
    one.checkVisibility({ visibilityProperty: true })));
  globalThis.steps = [];
  const faultOf = (one) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    const { top, bottom, left, right } = one.getBoundingClientRect();
    const name = one.innerText.trim().slice(0, 30);
    const inside = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
    if (!inside) return "out of sight: " + name;
    return outlineStyle === "solid" && parseFloat(outlineWidth) >= 2 ? "" : "no focus: " + name;
  };
  globalThis.step = () => {
    const one = document.activeElement;
    const ended = globalThis.steps.indexOf(null, 1) > 0;
    if (ended) return;
    const isNone = one === null || one === document.body;
    if (!isNone) globalThis.left.delete(one);
    globalThis.steps.push(isNone ? null : faultOf(one));
  };
  addEventListener("keydown", globalThis.step, true);
  getSelection()?.removeAllRanges();
  // Tab would go on from where the last click was.
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}`;

/** How long anything in the page takes to change or moves, in seconds, where it does. */
function motions(page: Page): Promise<number[]> {
  return page.evaluate<number[]>(`[...document.querySelectorAll("*")].flatMap((one) => {
    const { transitionDuration, animationName, animationDuration } = getComputedStyle(one);
    const moves = animationName === "none" ? [] : animationDuration.split(",");
    return [...transitionDuration.split(","), ...moves].map(parseFloat);
  }).filter((seconds) => seconds > 0)`);
}

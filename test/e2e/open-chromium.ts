/** Finds a Chromium on PATH and opens pages in it, as quietly as it can be made. */

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

import { chromium } from "playwright-core";
import type { Browser, BrowserContext, Page } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The browser's program; undefined where this machine has none. */
export const chromiumFile = (process.env["PATH"] ?? "")
  .split(delimiter)
  .filter((folder) => folder !== "")
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((file) => existsSync(file));

/** Starts the browser with a profile of its own, which goes with it. */
export function launchChromium(): Promise<Browser> {
  if (chromiumFile === undefined) throw new Error("no Chromium on PATH");
  return chromium.launch({ executablePath: chromiumFile, headless: true, args: FLAGS });
}

/** A page and what went wrong in it: errors, and what its policy refused. */
export interface WatchedPage {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: string[];
}

/** Opens an empty page in a context of its own. */
export async function newPage(
  browser: Browser,
  look: { width?: number; height?: number; scheme?: "dark" | "light" } = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1_280, height: look.height ?? 800 },
    colorScheme: look.scheme ?? "dark",
    reducedMotion: "reduce",
    locale: "en-GB",
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    const text = message.text();
    // A daemon that is away is no fault of the page; Chromium tells it anyway.
    const away = /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|401 /.test(text);
    const broken = /WebSocket connection to .* failed/.test(text);
    if (message.type() === "error" && !away && !broken) complaints.push(text);
  });
  return { context, page, complaints };
}

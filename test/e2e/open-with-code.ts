/** Opens the page as the owner's browser does: by the file that `vivian open` writes. */

import { readFileSync } from "node:fs";

import type { Page } from "playwright-core";
import { expect } from "vitest";

import type { OpenedPage } from "../../src-main/contract/control-api/index.ts";
import type { TestHome } from "../integration/processes/run-vivian.ts";

/** Leads a page to the daemon of a folder with a code of its own. */
export async function openWithCode(home: TestHome, page: Page): Promise<void> {
  const ran = await home.run(["open", "--json", "--level", "operate"]);
  expect(ran).toMatchObject({ code: 0 });
  const { file } = JSON.parse(ran.stdout) as OpenedPage;
  const text = readFileSync(file, "utf8");
  const address = /http:\/\/127\.0\.0\.1:\d+\/#code=[A-Za-z0-9_-]+/.exec(text);
  await page.goto(address?.[0] ?? "about:blank");
}

/**
 * The window for real: `node test/e2e/window-smoke.ts` starts Electron on a data folder of its own,
 * waits for the page's state sentence, tries the ways out of the page, ends the daemon and starts
 * it again, quits the window and finds the work going on. Where there is no Electron or no display
 * it says so in one line and ends well.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { _electron } from "playwright-core";
import type { ElectronApplication, Page } from "playwright-core";

import { presentProgram } from "../../src-main/shell/electron-program.ts";
import { layOutWindow } from "../../src-main/shell/lay-out-window.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const cli = join(root, "src-main", "processes", "cli.ts");

/** The sentence of a daemon that has nothing to do. */
const SENTENCE = "Waiting for work: no job is assigned to this machine.";

const WAIT_MS = 60_000;

/** Why the window cannot be tried here; null where it can. */
function whyNot(program: string | null): string | null {
  if (program === null) return "Electron's program is not here (npx install-electron fetches it)";
  if (process.platform !== "linux") return null;
  const display = process.env["WAYLAND_DISPLAY"] ?? process.env["DISPLAY"] ?? "";
  return display === "" ? "there is no display (DISPLAY and WAYLAND_DISPLAY are not set)" : null;
}

/** Fails with words of its own; a smoke that cannot fail shows nothing. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`it does not hold that ${what}`);
}

function vivian(environment: NodeJS.ProcessEnv, ...words: string[]): number | null {
  const env = environment;
  return spawnSync(process.execPath, [cli, ...words], { env, stdio: "ignore" }).status;
}

async function tryWindow(program: string, folder: string): Promise<void> {
  const runtime = join(folder, "run");
  mkdirSync(runtime, { mode: 0o700 });
  const environment = {
    ...process.env,
    VIVIAN_HOME: join(folder, "data"),
    XDG_RUNTIME_DIR: runtime,
    VIVIAN_WINDOW_NODE: process.execPath,
    VIVIAN_WINDOW_CLI: cli,
  };
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    version: string;
  };
  const target = join(folder, "window");
  const icon = join(root, "packaging", "icon.png");
  layOutWindow({ sources: join(root, "src-main"), icon, version, target });
  const env = Object.fromEntries(
    Object.entries(environment).filter((one): one is [string, string] => one[1] !== undefined),
  );
  const app = await _electron.launch({ executablePath: program, args: [target], env });
  try {
    const page = await app.firstWindow();
    await page.getByText(SENTENCE).waitFor({ timeout: WAIT_MS });
    await tryWaysOut(app, page);
    must(vivian(environment, "stop") === 0, "the daemon can be stopped");
    await page.getByText("SHELL_DAEMON_ENDED").waitFor({ timeout: WAIT_MS });
    must(vivian(environment, "up", "--detach") === 0, "the daemon can be started again");
    await page.getByText(SENTENCE).waitFor({ timeout: WAIT_MS });
    await app.close();
    must(vivian(environment, "status") === 0, "the work goes on when the window is quit");
  } finally {
    await app.close().catch(() => undefined);
    vivian(environment, "stop");
  }
}

async function tryWaysOut(app: ElectronApplication, page: Page): Promise<void> {
  const before = new URL(page.url()).origin;
  const opened = await page.evaluate('open("http://evil.example/") !== null');
  must(opened === false, "the page gets no second window");
  await page.evaluate('void (location.href = "http://evil.example/")');
  const reached = await page.evaluate(() =>
    fetch("http://evil.example/").then(
      () => true,
      () => false,
    ),
  );
  must(!reached, "no request leaves the window");
  must(new URL(page.url()).origin === before, "the page stays where it is");
  must(await page.evaluate(() => !("require" in globalThis)), "the page has no Node");
  const count = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  must(count === 1, "there is one window");
}

const program = presentProgram({
  folder: join(root, "node_modules", "electron"),
  note: "",
  environment: process.env,
});
const reason = whyNot(program);
if (reason !== null || program === null) {
  process.stdout.write(`window smoke: not run: ${reason ?? ""}\n`);
} else if (!existsSync(join(root, "assets", "index.html"))) {
  process.stdout.write("window smoke: not run: the page is not built (npm run setup)\n");
} else {
  const folder = mkdtempSync(join(tmpdir(), "vivian-window-"));
  const fail = (error: unknown): never => {
    rmSync(folder, { recursive: true, force: true });
    process.stdout.write(`window smoke: failed: ${String(error)}\n`);
    process.exit(1);
  };
  // A program that ends before it is waited for is told by nobody's promise.
  process.on("unhandledRejection", fail);
  try {
    await tryWindow(program, folder);
  } catch (error) {
    fail(error);
  }
  rmSync(folder, { recursive: true, force: true });
  process.stdout.write("window smoke: held\n");
}

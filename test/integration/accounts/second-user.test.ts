/** A second user of the machine, as a real process, against everything of the first one's. */

import {
  chmodSync,
  chownSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ended, TestHome } from "../processes/run-vivian.ts";
import { OTHER_UID, otherAccountWorks, spawnAsOther } from "./other-account.ts";

/** What the second user does: reads, lists, writes and connects, and says how each ended. */
const TRY = `
  import { createConnection } from "node:net";
  import { readFileSync, readdirSync, writeFileSync } from "node:fs";
  const told = {};
  const attempt = (name, act) => {
    try { act(); told[name] = "reached"; } catch (error) { told[name] = error.code; }
  };
  const { files, folders, socket } = JSON.parse(process.argv[1]);
  for (const file of files) {
    attempt("read " + file, () => readFileSync(file));
    attempt("write " + file, () => writeFileSync(file, "x", { flag: "r+" }));
  }
  for (const folder of folders) {
    attempt("list " + folder, () => readdirSync(folder));
    attempt("plant " + folder, () => writeFileSync(folder + "/planted", "x"));
  }
  const client = createConnection(socket);
  client.on("connect", () => { told.socket = "reached"; client.destroy(); });
  client.on("error", (error) => (told.socket = error.code));
  client.on("close", () => console.log(JSON.stringify(told)));
`;

const home = new TestHome('[mining]\nengine = "reference"\nstart = false\n');
const works = otherAccountWorks();

/** Files below a folder, and the folders they stand in. */
function everythingIn(folder: string): { files: string[]; folders: string[] } {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  const isFile = (entry: (typeof found)[number]) => entry.isFile();
  const path = (entry: (typeof found)[number]) => join(entry.parentPath, entry.name);
  return {
    files: found.filter(isFile).map(path),
    folders: [folder, ...found.filter((entry) => entry.isDirectory()).map(path)],
  };
}

beforeAll(async () => {
  if (!works) return;
  expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
  expect(await home.run(["wallet", "show"])).toMatchObject({ code: 0 });
});
afterAll(() => home.remove());

describe.skipIf(!works)("a second user of the machine", () => {
  it("reaches neither socket nor key, blob, log or the file that opens the page", async () => {
    // Only what the program itself closes is between them.
    chmodSync(home.root, 0o755);
    const opened = await home.run(["open", "--json"]);
    const { file } = JSON.parse(opened.stdout) as { file: string };
    const socket = readFileSync(home.folder.socketNote, "utf8").trim();
    const { files, folders } = everythingIn(home.home);
    expect(statSync(home.folder.network).mode & 0o777).toBe(0o700);
    expect(files.some((name) => name.endsWith("owner.key"))).toBe(true);
    expect(files.some((name) => name.includes("/blobs/"))).toBe(true);
    const tried = JSON.stringify({ files: [...files, file], folders, socket });
    const other = spawnAsOther(
      [process.execPath, "--input-type=module", "-e", TRY, "--", tried],
      {},
    );
    const ran = await ended(other);
    expect(ran.stderr).toBe("");
    const told = JSON.parse(ran.stdout) as Record<string, string>;
    expect(Object.keys(told).length).toBe(2 * (files.length + 1 + folders.length) + 1);
    for (const [what, how] of Object.entries(told)) expect([what, how]).toEqual([what, "EACCES"]);
  });

  it("has no command that reaches the first one's daemon", async () => {
    const before = await home.daemonPid();
    const ran = await ended(spawnAsOther(home.wordsOf(["status"]), home.environment));
    expect(ran.code).not.toBe(0);
    expect(ran.stdout).toBe("");
    const stop = await ended(spawnAsOther(home.wordsOf(["stop"]), home.environment));
    expect(stop.code).not.toBe(0);
    expect(await home.daemonPid()).toBe(before);
  });

  it("has no command that reads the first one's receipts or checks its ledger", async () => {
    const verify = await ended(spawnAsOther(home.wordsOf(["ledger", "verify"]), home.environment));
    expect(verify.code).not.toBe(0);
    const page = await ended(spawnAsOther(home.wordsOf(["open"]), home.environment));
    expect(page.code).not.toBe(0);
    expect(page.stdout).toBe("");
  });
});

/** Another account's own home, with a folder that it may use. */
function ownHome(config: string): TestHome {
  const own = new TestHome(config);
  const paths = [own.root, own.home, join(own.root, "run"), own.folder.config];
  for (const path of paths) chownSync(path, OTHER_UID, OTHER_UID);
  return own;
}

describe.skipIf(!works)("an account that may not", () => {
  it("read its config.toml is told with a code", async () => {
    const own = ownHome("[mining]\nstart = false\n");
    rmSync(own.folder.config);
    writeFileSync(own.folder.config, "", { mode: 0o600 });
    const up = await ended(spawnAsOther(own.wordsOf(["up", "--detach"]), own.environment));
    expect(up.stderr).toMatch(/^PROCESSES_CONFIG_READ: .*EACCES/);
    await own.remove();
  });

  it("be found in the table of accounts and has no home is told with a code", async () => {
    const words = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups", "--"];
    const ran = await ended(home.spawn(["status"], { VIVIAN_HOME: "", HOME: undefined }, words));
    expect(ran.stderr).toContain("PROCESSES_INTERNAL: ");
    expect(ran.code).toBe(1);
  });
});

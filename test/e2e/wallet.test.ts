import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { decryptKeystoreJson } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { readReceiptFile } from "../../src-main/ledger/index.ts";
import { TestHome } from "../integration/processes/run-vivian.ts";
import { runScript, shownWords } from "./wallet-script.ts";

const JUNK = `${"test ".repeat(11)}junk`;
const JUNK_ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const JUNK_KEY = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const PASSWORD = "correct horse battery";

const home = new TestHome('[mining]\nengine = "reference"\nstart = false\n');
const passwordFile = join(home.root, "password");
const withPassword = ["--password-file", passwordFile];

interface SentAnswer {
  readonly slot: number;
  readonly receipt: string;
  readonly balanceBase: string;
}

const run = (...words: string[]) => home.run(["wallet", ...words]);
const json = async <T>(...words: string[]) => {
  const ran = await run(...words, "--json");
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  return JSON.parse(ran.stdout) as T;
};

/** What `wallet create` showed and made; later tests use it. */
const made = { phrase: "", address: "", receipt: "" };

beforeAll(async () => {
  writeFileSync(passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
  expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
});
afterAll(() => home.remove());

describe("a wallet of one's own", () => {
  it("is made when three words of its phrase are known, and other wallets open it", async () => {
    const words = ["wallet", "create", "savings", ...withPassword, "--json"];
    const ran = await runScript(home, words, (question, stderr) => {
      const place = /Word (\d+): $/.exec(question)?.[1];
      return place === undefined ? null : (shownWords(stderr).get(Number(place)) ?? "");
    });
    expect(ran.code, ran.stderr).toBe(0);
    made.phrase = [...shownWords(ran.stderr).values()].join(" ");
    expect(made.phrase.split(" ")).toHaveLength(12);
    expect(ran.stdout).not.toContain(made.phrase.split(" ").slice(0, 2).join(" "));
    const { address, file } = JSON.parse(ran.stdout) as { address: string; file: string };
    made.address = address;
    if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
    const opened = await decryptKeystoreJson(readFileSync(file, "utf8"), PASSWORD);
    expect(opened.address).toBe(address);
  });

  it("is not made when a word is wrong three times", async () => {
    const words = ["wallet", "create", "other", ...withPassword];
    const typed = (question: string) => (/Word \d+: $/.test(question) ? "wrong" : null);
    const ran = await runScript(home, words, typed);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^WALLET_PHRASE_CONFIRM: .*no wallet was made/m);
    expect(readdirSync(home.folder.keys).filter((name) => name.startsWith("other"))).toEqual([]);
  });

  it("is brought from a phrase on standard input", async () => {
    const words = ["wallet", "import", "junk", ...withPassword, "--json"];
    const ran = await runScript(home, words, (question) => (question.includes(": ") ? JUNK : null));
    expect(ran.code, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ name: "junk", address: JUNK_ADDRESS });
  });

  it("receives from the owner, pays, and its history names both", async () => {
    const amount = "250.000000000000000001";
    const sent = await json<SentAnswer>("send", made.address, amount, "--yes");
    expect(sent).toMatchObject({ code: "", amountBase: "250000000000000000001" });
    const paying = ["send", JUNK_ADDRESS, "1.5", "--from", "savings", ...withPassword];
    const refused = await runScript(home, ["wallet", ...paying], answering("n"));
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain("WALLET_NOT_CONFIRMED");
    const paid = await runScript(home, ["wallet", ...paying], answering("y"));
    expect(paid.code, paid.stderr).toBe(0);
    expect(paid.stderr).toMatch(/^left +248\.4\d+ VIV of 250\.000000000000000001 VIV$/m);
    made.receipt = /^Receipt, checked here: (.+)$/m.exec(paid.stdout)?.[1] ?? "";
    const history = await run("history", "--of", "savings");
    expect(history.stdout).toMatch(/savings +transfer out +-1\.50 VIV/);
    expect(history.stdout).toMatch(/savings +transfer in +\+250\.00 VIV/);
    expect((await run("show")).stdout).toMatch(new RegExp(`^junk +${JUNK_ADDRESS} +1.50 VIV`, "m"));
  });
});

function answering(line: string) {
  return (question: string) => (question.endsWith("[y/N] ") ? line : null);
}

describe("what is refused before anything moves", () => {
  const lower = JUNK_ADDRESS.replace("F6F4", "f6F4");
  const refusals: [string[], string][] = [
    [["send", JUNK_ADDRESS, "5000", "--yes"], "WALLET_BALANCE_SHORT"],
    [["send", lower, "1", "--yes"], "CRYPTO_ADDRESS_CHECKSUM"],
    [["send", JUNK_ADDRESS, "0", "--yes"], "WALLET_AMOUNT_ZERO"],
    [["send", JUNK_ADDRESS, "1,5", "--yes"], "WALLET_AMOUNT"],
    [["send", JUNK_ADDRESS, "1", "--from", "junk", "--yes"], "WALLET_SELF"],
    [["create", "savings", ...withPassword], "WALLET_EXISTS"],
    [["create", "third"], "WALLET_PASSWORD_ASK"],
  ];

  it("is said in one line with its code", async () => {
    const ran = await Promise.all(refusals.map(([words]) => run(...words)));
    for (const [index, [, code]] of refusals.entries()) {
      expect(ran[index]).toMatchObject({ code: 1, stdout: "" });
      expect(ran[index].stderr).toMatch(new RegExp(`^${code}: [^\n]+\nSafe: [^\n]+\n$`));
    }
  });
});

describe("secrets", () => {
  it("stand in no file but the one that holds the password", () => {
    const words = made.phrase.split(" ");
    const secrets = [words.slice(0, 3).join(" "), JUNK, JUNK_KEY, PASSWORD];
    for (const entry of readdirSync(home.root, { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      if (!entry.isFile() || file === passwordFile) continue;
      const text = readFileSync(file, "latin1");
      for (const secret of secrets) expect(text.includes(secret), file).toBe(false);
    }
    // The check sees what it looks for: the password file does hold it.
    expect(readFileSync(passwordFile, "latin1")).toContain(PASSWORD);
  });
});

describe("wallet receipt verify", () => {
  beforeAll(async () => {
    expect(await home.run(["stop"])).toMatchObject({ code: 0 });
  });

  it("checks a receipt without a daemon and says what it proves", async () => {
    const ran = await run("receipt", "verify", made.receipt);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toContain(`1.5 VIV moved from ${made.address} to ${JUNK_ADDRESS}`);
    const genesis = ["--genesis", home.folder.genesis];
    const shown = await json<object>("receipt", "verify", made.receipt, ...genesis);
    expect(shown).toMatchObject({ ok: true, kind: "transfer", account: made.address, code: "" });
  });

  it("refuses a changed receipt, what is none, and one without a genesis", async () => {
    const bytes = readFileSync(made.receipt);
    bytes[bytes.length - 1] ^= 1;
    const changed = join(home.root, "changed.receipt");
    writeFileSync(changed, bytes);
    const missing = join(home.root, "none");
    const elsewhere = { VIVIAN_HOME: missing };
    const tried = await Promise.all([
      run("receipt", "verify", changed),
      run("receipt", "verify", passwordFile),
      run("receipt", "verify", missing),
      home.run(["wallet", "receipt", "verify", made.receipt], elsewhere),
    ]);
    expect(tried.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
    expect(tried[0].stderr).toMatch(/^(LEDGER|CODEC)_/);
    expect(tried[1].stderr).toMatch(/^CODEC_/);
    expect(tried[2].stderr).toMatch(/^PROCESSES_RECEIPT_READ: /);
    expect(tried[3].stderr).toMatch(/^PROCESSES_RECEIPT_NETWORK: .*--genesis/);
  });

  it("takes a bare receipt, which needs the genesis document beside it", async () => {
    const whole = readReceiptFile(readFileSync(made.receipt));
    const bare = join(home.root, "bare.receipt");
    writeFileSync(bare, whole.ok ? whole.value.receipt : "");
    expect(await run("receipt", "verify", bare)).toMatchObject({ code: 0, stderr: "" });
    const elsewhere = { VIVIAN_HOME: join(home.root, "none") };
    const alone = await home.run(["wallet", "receipt", "verify", bare], elsewhere);
    expect(alone.stderr).toMatch(/^PROCESSES_GENESIS: .*--genesis/);
  });

  it("checks the file alone, far from its folder, by the hash that names the network", async () => {
    const { genesis } = await json<{ genesis: string }>("receipt", "verify", made.receipt);
    const elsewhere = { VIVIAN_HOME: join(home.root, "none") };
    const verify = (hash: string) =>
      home.run(["wallet", "receipt", "verify", made.receipt, "--genesis", hash], elsewhere);
    expect(await verify(genesis)).toMatchObject({ code: 0, stderr: "" });
    const other = await verify("ab".repeat(32));
    expect(other.stderr).toMatch(/^PROCESSES_RECEIPT_NETWORK: /);
  });
});

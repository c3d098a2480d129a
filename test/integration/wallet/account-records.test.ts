import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestHome } from "../processes/run-vivian.ts";
import type { Ran } from "../processes/run-vivian.ts";
import { fund, makeWallet, PASSWORD } from "./wallet-world.ts";

const SECRET_WORDS = "nobody else reads this sentence";

describe("records that an account sends from the command line", () => {
  let home: TestHome;
  let doctor = "";
  let passwordFile = "";

  beforeAll(async () => {
    home = new TestHome();
    passwordFile = join(home.root, "password");
    writeFileSync(passwordFile, `${PASSWORD}\n`);
    const up = await home.run(["up", "--detach"]);
    expect(up, up.stderr).toMatchObject({ code: 0 });
    doctor = await makeWallet(home, "doctor", 51);
    await makeWallet(home, "savings", 52);
    await fund(home, doctor, "50");
  }, 60_000);

  afterAll(() => home.remove());

  const run = (...words: string[]): Promise<Ran> => home.run([...words, "--yes", "--json"]);
  const asDoctor = (...words: string[]): Promise<Ran> =>
    run(...words, "--from", "doctor", "--password-file", passwordFile);
  const slotOf = (ran: Ran): number => {
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    return (JSON.parse(ran.stdout) as { slot: number }).slot;
  };
  const refusal = (ran: Ran): string => {
    expect(ran.code).toBe(1);
    return (JSON.parse(ran.stdout) as { error: { code: string } }).error.code;
  };

  it("pays many at once, or nobody", async () => {
    const file = join(home.root, "payments.csv");
    const other = await makeWallet(home, "other", 53);
    writeFileSync(file, `# two\n${doctor}, 1.5\n${other} 2\n`);
    const slot = slotOf(await run("wallet", "pay", file, "--memo", "November"));
    const shown = await home.run(["ledger", "get", String(slot), "--json"]);
    expect(JSON.parse(shown.stdout)).toMatchObject({ kind: "multi-transfer", code: "" });
    writeFileSync(file, `${doctor}, 1.5\n${other}\n`);
    expect(refusal(await run("wallet", "pay", file))).toBe("WALLET_PAYMENTS");
    writeFileSync(file, "# nobody\n");
    expect(refusal(await run("wallet", "pay", file))).toBe("WALLET_PAYMENTS");
    const absent = await run("wallet", "pay", join(home.root, "absent"));
    expect(refusal(absent)).toBe("PROCESSES_INPUT_FILE");
  }, 60_000);

  it("writes words, and refuses too many", async () => {
    slotOf(await run("wallet", "memo", doctor, "thank you"));
    const long = await run("wallet", "memo", doctor, "x".repeat(1_025));
    expect(refusal(long)).toBe("WALLET_WORDS");
  }, 60_000);

  it("bonds and unbonds, in a role", async () => {
    slotOf(await asDoctor("wallet", "bond", "10", "--worker", "--units-per-hour", "5"));
    slotOf(await asDoctor("wallet", "payout", doctor));
    slotOf(await asDoctor("wallet", "unbond", "4"));
    const shown = await home.run(["wallet", "history", "--of", doctor, "--json"]);
    const { entries } = JSON.parse(shown.stdout) as { entries: { what: string }[] };
    const said = entries.map(({ what }) => what).join(" ");
    expect(said).toContain("bond");
    expect(said).toContain("unbond");
    expect(refusal(await asDoctor("wallet", "bond", "10"))).toBe("WALLET_BOND_ROLE");
  }, 60_000);

  it("publishes, lists and takes back", async () => {
    const content = "ab".repeat(32);
    const words = ["--what", "model", "--name", "digits", "--about", "handwritten digits"];
    const slot = slotOf(await run("ledger", "publish", ...words, "--content", content));
    const listed = await home.run(["ledger", "publications", "--json"]);
    expect(JSON.parse(listed.stdout)).toMatchObject({
      publications: [{ slot, name: "digits", collection: "model.text-1", stands: true }],
    });
    slotOf(await run("ledger", "retract", String(slot)));
    const again = await run("ledger", "retract", String(slot));
    expect(refusal(again)).toBe("LEDGER_PUBLICATION_UNKNOWN");
    expect(refusal(await run("ledger", "publish", ...words))).toBe("PROCESSES_CONTENT");
    const digest = await run("ledger", "publish", ...words, "--content", "12");
    expect(refusal(digest)).toBe("PROCESSES_DIGEST");
    const what = ["--what", "song", "--name", "x", "--content", content];
    expect(refusal(await run("ledger", "publish", ...what))).toBe("PROCESSES_WHAT");
  }, 60_000);

  it("publishes a vector of one's own in a collection of one's own", async () => {
    const file = join(home.root, "vector.json");
    writeFileSync(file, "[0.5, -1, 0.25]");
    const base = ["--what", "other", "--name", "v", "--content", "cd".repeat(32)];
    const alone = await run("ledger", "publish", ...base, "--vector", file);
    expect(refusal(alone)).toBe("PROCESSES_COLLECTION");
    slotOf(await run("ledger", "publish", ...base, "--vector", file, "--collection", "mine"));
    writeFileSync(file, '{"not": "a list"}');
    const wrong = ["--vector", file, "--collection", "mine"];
    expect(refusal(await run("ledger", "publish", ...base, ...wrong))).toBe("PROCESSES_VECTOR");
    writeFileSync(file, "[1, 2]");
    expect(refusal(await run("ledger", "publish", ...base, ...wrong))).toBe(
      "LEDGER_EMBEDDING_SIZE",
    );
  }, 60_000);

  it("seals content for readers, hands it on, turns readers away, erases", async () => {
    const slot = slotOf(await run("private", "seal", "patients", "--text", SECRET_WORDS));
    const text = (ran: Ran) => (JSON.parse(ran.stdout) as { text: string }).text;
    expect(text(await home.run(["private", "read", String(slot), "--json"]))).toBe(SECRET_WORDS);
    const reading = ["private", "read", String(slot)];
    expect(refusal(await asDoctor(...reading))).toBe("PROCESSES_NO_GRANT");
    const keyless = await run("private", "grant", "patients", doctor);
    expect(refusal(keyless)).toBe("LEDGER_RECIPIENT_KEY");
    slotOf(await asDoctor("wallet", "publish-key"));
    slotOf(await run("private", "grant", "patients", doctor));
    expect(text(await asDoctor(...reading))).toBe(SECRET_WORDS);
    slotOf(await run("private", "revoke", "patients", doctor));
    const after = slotOf(await run("private", "seal", "patients", "--text", "later"));
    expect(refusal(await asDoctor("private", "read", String(after)))).toBe("PROCESSES_NO_GRANT");
    expect(text(await asDoctor(...reading))).toBe(SECRET_WORDS);
    expect(refusal(await run("private", "seal", "patients"))).toBe("PROCESSES_PRIVATE_TEXT");
    expect(refusal(await asDoctor("private", "read", "0"))).toBe("PROCESSES_NOT_SEALED");
    const erased = await run("private", "erase", "patients");
    expect(erased, erased.stderr).toMatchObject({ code: 0 });
    const gone = await home.run(["private", "read", String(slot), "--json"]);
    expect(refusal(gone)).toBe("WALLET_SUBJECT_ERASED");
    const verified = await home.run(["ledger", "verify", "--json"]);
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true });
    expect(filesWith(home.home, SECRET_WORDS)).toEqual([]);
  }, 120_000);

  it("gives an account another key, which signs for it from then on", async () => {
    const savings = await makeWallet(home, "new-key", 54);
    slotOf(await asDoctor("wallet", "rotate-key", savings));
    expect(refusal(await asDoctor("wallet", "memo", savings, "old key"))).toBe("LEDGER_SIGNER");
    const words = ["wallet", "memo", savings, "new key", "--account", doctor];
    const withNew = ["--from", "new-key", "--password-file", passwordFile];
    slotOf(await run(...words, ...withNew));
  }, 60_000);
});

/** Files under a folder that hold the words. */
function filesWith(folder: string, words: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => {
    const file = join(folder, name);
    if (!existsSync(file) || !statSync(file).isFile()) return false;
    return readFileSync(file).includes(words);
  });
}

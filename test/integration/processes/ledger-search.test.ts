import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { ControlClient } from "../../../src-main/api/index.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import type { SearchAnswered } from "../../../src-main/contract/control-api/index.ts";
import { checkSearch } from "../../../src-renderer/state/check-search.ts";
import { must } from "../../worlds/practice-world.ts";
import { TestHome } from "./run-vivian.ts";

const home = new TestHome('[mining]\nengine = "reference"\nstart = false\n');
const content = join(home.root, "content");
const vector = join(home.root, "vector.json");

/** What `ledger search` answers, with and without --prove. */
interface Found {
  readonly verified?: boolean;
  readonly hits: readonly {
    readonly slot: number;
    readonly distance: number;
    readonly publication: { readonly name: string; readonly publisher: string };
  }[];
}

async function json<T>(words: readonly string[]): Promise<T> {
  const ran = await home.run([...words, "--json"]);
  expect(ran, words.join(" ")).toMatchObject({ code: 0, stderr: "" });
  return JSON.parse(ran.stdout) as T;
}

async function publish(what: string, name: string, about: string, ...more: string[]) {
  const given = ["--what", what, "--name", name, "--about", about, "--file", content, "--yes"];
  return json<{ slot: number }>(["ledger", "publish", ...given, ...more]);
}

const namesIn = ({ hits }: Found) => hits.map(({ publication }) => publication.name);

async function withClient<T>(use: (client: ControlClient) => Promise<T>): Promise<T> {
  const client = await home.connect();
  if (client === null) throw new Error("no daemon answers");
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

let digits = 0;

beforeAll(async () => {
  writeFileSync(content, "some bytes");
  writeFileSync(vector, "[1, -0.5, 0.25]");
  expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0, stderr: "" });
  digits = (await publish("model", "digits-cnn", "handwritten digits, 98 %", "--tag", "vision"))
    .slot;
  await publish("dataset", "roads", "hourly weather of northern roads", "--tag", "hourly");
  await publish("model", "iris", "flowers of three kinds", "--tag", "tables");
});

afterAll(() => home.remove());

describe("searching with the command line", () => {
  it("finds the right one first, and shows it to be so", async () => {
    for (const more of [[], ["--exact"], ["--prove"]]) {
      const words = ["ledger", "search", "digits", "handwriting", ...more];
      expect(namesIn(await json<Found>(words))[0], words.join(" ")).toBe("digits-cnn");
    }
    expect(namesIn(await json<Found>(["ledger", "search", "weather"]))[0]).toBe("roads");
    const proved = await json<Found>(["ledger", "search", "flower", "--what", "model", "--prove"]);
    expect(proved.verified).toBe(true);
    expect(namesIn(proved)).toEqual(["iris", "digits-cnn"]);
    expect(proved.hits[0].publication.publisher).toMatch(/^0x/);
    const lines = await home.run(["ledger", "search", "flower", "--prove"]);
    expect(lines.stdout).toContain("Verified here:");
  });

  it("keeps to kinds and tags", async () => {
    const search = (...words: string[]) => json<Found>(["ledger", "search", "digits", ...words]);
    expect(namesIn(await search("--what", "dataset"))).toEqual(["roads"]);
    expect(namesIn(await search("--tag", "tables", "--prove"))).toEqual(["iris"]);
    expect(namesIn(await search("--tag", "tables", "--tag", "vision"))).toEqual([]);
    expect(await home.run(["ledger", "search", "digits", "--what", "job"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Nothing was found.") as string,
    });
  });

  it("finds by a vector in a collection of one's own", async () => {
    const own = ["--vector", vector, "--collection", "mine"];
    await publish("other", "a point", "", ...own);
    const found = await json<Found>(["ledger", "search", ...own, "--prove"]);
    expect(found.hits).toMatchObject([{ distance: 0, publication: { name: "a point" } }]);
    expect(await home.run(["ledger", "search", "--vector", vector])).toMatchObject({ code: 2 });
    expect(await home.run(["ledger", "search"])).toMatchObject({ code: 2 });
    const refused = await home.run(["ledger", "search", "words", "--collection", "mine"]);
    expect([refused.code, refused.stderr.split(":")[0]]).toEqual([1, "LEDGER_SEARCH_DIMENSION"]);
  });

  it("finds a job once its owner publishes it, and not before", async () => {
    const plain = await json<{ publication: unknown }>(["job", "submit", "digits-cnn"]);
    expect(plain.publication).toBeNull();
    const search = ["ledger", "search", "digits", "--what", "job"];
    expect(namesIn(await json<Found>(search))).toEqual([]);
    const made = await json<{ job: string; publication: { slot: number } }>([
      ...["job", "submit", "digits-cnn", "--publish"],
    ]);
    const { hits } = await json<SearchAnswered>(search);
    expect(hits).toMatchObject([
      { slot: made.publication.slot, publication: { name: "digits-cnn", content: made.job } },
    ]);
  });

  it("is checked in the page from the same receipt, and refused with a byte changed", async () => {
    await withClient(async (client) => {
      const collection = "model.text-1";
      const asked = { text: "digits", collection, limit: 5 };
      const sent = must(await client.call("ledger.search-proof", asked));
      const genesis = must(await client.call("ledger.genesis", {}));
      const known = { bytes: genesis.bytes, name: genesis.genesis };
      const question = { ...asked, what: null, probes: sent.probes };
      const checked = must(checkSearch(question, sent.receipt, known));
      expect(checked.hits.map(({ publication }) => publication?.name)).toEqual([
        "digits-cnn",
        "iris",
      ]);
      expect(checked.bytes).toBe(sent.receipt.length / 2);
      const middle = sent.receipt.length >> 1;
      const other = sent.receipt[middle] === "0" ? "1" : "0";
      const changed = sent.receipt.slice(0, middle) + other + sent.receipt.slice(middle + 1);
      expect(checkSearch(question, changed, known).ok).toBe(false);
      const elsewhere = { ...known, name: bytesToHex(new Uint8Array(32)) };
      expect(checkSearch(question, sent.receipt, elsewhere)).toMatchObject({
        rejection: { code: "LEDGER_RECEIPT_STATEMENT" },
      });
      expect(checkSearch({ ...question, collection: "x" }, sent.receipt, known)).toMatchObject({
        rejection: { code: "LEDGER_SEARCH_ROW" },
      });
    });
  });

  it("no longer finds what was taken back, and shows that too", async () => {
    await json(["ledger", "retract", String(digits), "--yes"]);
    for (const more of [[], ["--prove"]]) {
      const found = await json<Found>(["ledger", "search", "digits", "--what", "model", ...more]);
      expect(namesIn(found)).toEqual(["iris"]);
    }
  });

  it("is looked at by the doctor", async () => {
    const { findings } = JSON.parse((await home.run(["doctor", "--json"])).stdout) as {
      findings: readonly { check: string; verdict: string }[];
    };
    expect(findings).toContainEqual(expect.objectContaining({ check: "search", verdict: "ok" }));
  });
});

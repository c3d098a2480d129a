/** What a command line loads before it answers: who asks for the status waits for no database. */

import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { TestHome } from "./run-vivian.ts";

const home = new TestHome();
afterAll(() => home.remove());

/** Prints what was loaded, one address a line, once the program ends. */
const LISTING = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  const loaded = [];
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  process.on("exit", () => process.stderr.write(loaded.join("\\n")));
`)}`;

async function loadedBy(...words: string[]): Promise<string[]> {
  const [, cli] = home.wordsOf([]);
  const ran = await home.runProgram(["--import", LISTING, cli, ...words, "--help"]);
  expect(ran).toMatchObject({ code: 0 });
  return ran.stderr.split("\n");
}

describe("a command line", () => {
  it.each([["status"], ["stop"], ["open"], ["devices"], ["up"], ["start"]])(
    "of `%s` loads neither the daemon nor a database nor the engine",
    async (verb) => {
      const loaded = await loadedBy(verb);
      expect(loaded.some((url) => url.endsWith(join("cli", `${verb}.ts`)))).toBe(true);
      const heavy = /daemon\/(run-daemon|compose)|\/lmdb\/|engine\/index|jsmodbus|prom-client/;
      expect(loaded.filter((url) => heavy.test(url))).toEqual([]);
    },
  );

  it("of `doctor`, which looks at all of them, loads what it looks at", async () => {
    expect((await loadedBy("doctor")).some((url) => url.includes("/lmdb/"))).toBe(true);
  });
});

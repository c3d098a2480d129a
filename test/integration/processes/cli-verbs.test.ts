import { Command } from "commander";
import { describe, expect, it } from "vitest";

import { addVerbs } from "../../../src-main/processes/cli/verbs.ts";

const added = async (...words: string[]): Promise<string[]> => {
  const program = new Command();
  await addVerbs(program, words);
  return program.commands.map((command) => command.name());
};

describe("the verbs of a command line", () => {
  it("are all there where none is asked for, by whatever word", async () => {
    const all = await added();
    expect(all.slice(0, 4)).toEqual(["start", "up", "stop", "status"]);
    expect(new Set(all).size).toBe(all.length);
    for (const words of [["help", "status"], ["--help"], ["--version"], ["stauts"], [""]]) {
      expect(await added(...words)).toEqual(all);
    }
  });

  it("are each added alone by the name that they have", async () => {
    for (const name of await added()) expect(await added(name, "--json")).toEqual([name]);
  });
});

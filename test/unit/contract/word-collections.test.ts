import { describe, expect, it } from "vitest";
import {
  PUBLICATION_KINDS,
  publishedWords,
  wordCollection,
} from "../../../src-main/contract/word-collections.ts";

describe("word collections", () => {
  it("are one for each kind, by names that stay", () => {
    expect(PUBLICATION_KINDS.map(wordCollection)).toEqual([
      "dataset.text-1",
      "model.text-1",
      "job.text-1",
      "other.text-1",
    ]);
  });

  it("hold name, description and tags in this order", () => {
    expect(publishedWords("roads", "weather by the hour", ["north", "csv"])).toBe(
      "roads weather by the hour north csv",
    );
  });
});

import { describe, expect, it } from "vitest";
import {
  findIdx,
  idxNames,
  readIdxName,
} from "../../../../src-main/adapters/data-import/idx-names.ts";

describe("adapters/data-import/idx-names", () => {
  it("reads the names in use", () => {
    const said = (name: string) => {
      const found = readIdxName(name);
      return found && [found.prefix, found.part, found.content, found.packed];
    };
    expect(said("train-images-idx3-ubyte")).toEqual(["", "train", "images", false]);
    expect(said("t10k-labels.idx1-ubyte.gz")).toEqual(["", "t10k", "labels", true]);
    expect(said("Test_Images_idx3_ubyte")).toEqual(["", "test", "images", false]);
    const emnist = "emnist-letters-train-images-idx3-ubyte.gz";
    expect(said(emnist)).toEqual(["emnist-letters-", "train", "images", true]);
    expect(said("my-images-idx3-ubyte")).toEqual(["my", "", "images", false]);
    for (const name of ["train-images.png", "train-images-idx3-ubyte.zip", "train.csv", "idx"]) {
      expect(said(name)).toBeUndefined();
    }
  });

  it("prefers the unpacked file of the same part and prefix", () => {
    const names = ["a-train-images-idx3-ubyte", "train-images-idx3-ubyte.gz"];
    const train = { prefix: "", part: "train" } as const;
    const find = (given: readonly string[]) => findIdx(idxNames(given), train, "images")?.name;
    expect(find(names)).toBe("train-images-idx3-ubyte.gz");
    expect(find([...names, "train-images-idx3-ubyte"])).toBe("train-images-idx3-ubyte");
    expect(findIdx(idxNames(names), train, "labels")).toBeUndefined();
  });
});

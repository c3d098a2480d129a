import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { KNOWN_KINDS } from "../../../../src-main/engine/keras/known-layers.ts";
import { layer, refused, sequential } from "../../../generators/keras-document.ts";

/** What people are told of the layers that are read. */
const TEXTS = ["src-main/adapters/model-files/README.md", "src-main/processes/cli/model.ts"].map(
  (path) => [path, readFileSync(path, "utf8")] as const,
);

const names = (text: string, kind: string) => new RegExp(`\\b${kind}\\b`).test(text);

describe("the layers that are read", () => {
  it.each(TEXTS)("are all named in %s", (_path, text) => {
    const missing = [...KNOWN_KINDS, "Add", "Concatenate"].filter((kind) => !names(text, kind));
    expect(missing).toEqual([]);
    expect(names(text, "Conv3D")).toBe(false);
  });

  it("are known by their class, and no other is", () => {
    const kindOf = (kind: string) =>
      refused(sequential([4, 4, 1], layer(kind), layer("Flatten"))).split(" ")[0];
    for (const kind of KNOWN_KINDS) expect(kindOf(kind)).not.toBe("ENGINE_KERAS_LAYER");
    for (const kind of ["Conv3D", "PReLU", "Minimum", "toString", "Dense2"]) {
      expect(kindOf(kind)).toBe("ENGINE_KERAS_LAYER");
    }
  });
});

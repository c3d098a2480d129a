import { describe, expect, it } from "vitest";
import { refusedDocument } from "../../../generators/keras-document.ts";
import { readModelDocument } from "../../../../src-main/engine/keras/read-document.ts";

const WEIGHT = { name: "d/kernel", shape: [2, 3], dtype: "float32" };

const manifest = (group: object, more: object = {}) => ({
  format: "layers-model",
  modelTopology: {},
  weightsManifest: [{ paths: ["a.bin"], weights: [WEIGHT], ...group }],
  ...more,
});
const refusal = (group: object) => refusedDocument(manifest(group));
const weightRefusal = (change: object) => refusal({ weights: [{ ...WEIGHT, ...change }] });

describe("a manifest of weights", () => {
  it("is read with sizes and types", () => {
    const quantised = { dtype: "uint8", scale: 0.5, min: -1, original_dtype: "float32" };
    const group = {
      paths: ["group1-shard1of2.bin", "group1-shard2of2.bin"],
      weights: [WEIGHT, { name: "q", shape: [5], dtype: "float32", quantization: quantised }],
    };
    const read = readModelDocument(manifest(group));
    expect(read.ok && read.value.groups).toEqual([
      {
        paths: group.paths,
        weights: [
          { name: "d/kernel", shape: [2, 3], type: { stored: "float32" }, bytes: 24 },
          { name: "q", shape: [5], type: { stored: "uint8", scale: 0.5, min: -1 }, bytes: 5 },
        ],
        bytes: 29,
      },
    ]);
    const alone = readModelDocument({ class_name: "Sequential", config: {} });
    expect(alone.ok && alone.value).toMatchObject({ groups: null });
    expect(refusedDocument(manifest({}, { weightsManifest: null }))).toBe("accepted");
  });

  it("names no file outside of its folder", () => {
    const outside = [
      "../a.bin",
      "..",
      ".",
      "/etc/passwd",
      "sub/a.bin",
      "sub\\a.bin",
      "C:a.bin",
      "a.bin\u0000",
      "a\nb",
      ".hidden",
      "https://a/b",
      "%2e%2e",
      "",
      "NUL",
      "com1.bin",
      "a.",
      "x".repeat(250),
      7,
      null,
      ["a.bin"],
    ];
    for (const path of outside) expect(refusal({ paths: [path] })).toContain("ENGINE_KERAS_FORM");
    expect(refusal({ paths: ["x".repeat(300)] })).toContain("ENGINE_KERAS_LIMIT");
    expect(refusal({ paths: ["group1-shard1of1", "model_weights 2.bin"] })).toBe("accepted");
  });

  it("has no sizes that nobody could hold", () => {
    for (const dim of [0, -1, 1.5, 1e300, "3", null, [1]]) {
      expect(weightRefusal({ shape: [dim] })).toContain("ENGINE_KERAS_FORM where=d/kernel.shape");
    }
    const most = 268_435_456;
    expect(weightRefusal({ shape: [most, 2] })).toContain("ENGINE_KERAS_LIMIT what=numbers of");
    expect(weightRefusal({ shape: [most] })).toContain("what=bytes of weights");
    expect(weightRefusal({ shape: [1, 1, 1, 1, 1, 1, 1] })).toContain("ENGINE_KERAS_LIMIT");
    const many = Array.from({ length: 4_097 }, (_, at) => ({ ...WEIGHT, name: `w${at}` }));
    expect(refusal({ weights: many })).toContain("ENGINE_KERAS_LIMIT");
    expect(refusal({ weights: [WEIGHT, WEIGHT] })).toContain("a name for one weight");
  });

  it("refuses types that are not read, by the weight", () => {
    for (const dtype of ["int32", "bool", "string", "complex64", undefined, 4]) {
      expect(weightRefusal({ dtype })).toContain("ENGINE_KERAS_WEIGHT_TYPE weight=d/kernel");
    }
    const quantised = (given: object) => weightRefusal({ quantization: given });
    expect(quantised({ dtype: "uint4", scale: 1, min: 0 })).toContain("ENGINE_KERAS_WEIGHT_TYPE");
    expect(quantised({ dtype: "uint8", scale: "1", min: 0 })).toContain("a finite number");
    expect(quantised({ dtype: "uint16", scale: 1, min: Number.NaN })).toContain("a finite number");
    expect(quantised({ dtype: "float16" })).toBe("accepted");
  });

  it("is refused in a document of another form", () => {
    expect(refusedDocument({ format: "graph-model", modelTopology: { node: [] } })).toBe(
      "ENGINE_KERAS_FORMAT given=graph-model",
    );
    for (const document of [null, 3, "x", [], manifest({}, { weightsManifest: {} })]) {
      expect(refusedDocument(document)).toContain("ENGINE_KERAS_FORM");
    }
    for (const group of [{ paths: "a" }, { weights: 3 }, { weights: [3] }, { paths: [] }]) {
      const expected = Array.isArray(group.paths) ? "accepted" : "ENGINE_KERAS_FORM";
      expect(refusal(group)).toContain(expected);
    }
  });
});

import { describe, expect, it } from "vitest";

import {
  checkImportCommand,
  checkImportReport,
} from "../../../../src-main/processes/daemon/import-messages.ts";
import { sampleSet, textSet } from "./sample-set.ts";

const imported = { kind: "imported", ...sampleSet() };

describe("messages of the importer", () => {
  it("pass as they are meant", () => {
    expect(checkImportReport(imported)).toEqual({ ok: true, value: imported });
    const refused = { kind: "refused", code: "DATA_IMPORT_KIND", facts: { file: "x", row: 3 } };
    expect(checkImportReport(refused).ok).toBe(true);
    const start = { kind: "start", path: "/data", text: null, blobsFolder: "/blobs" };
    expect(checkImportCommand(start).ok).toBe(true);
    const text = { tokens: "gpt", context: 64 };
    expect(checkImportCommand({ ...start, text }).ok).toBe(true);
    expect(checkImportCommand({ ...start, text: { ...text, tokens: "words" } }).ok).toBe(false);
  });

  it("tell of a text how it was cut and what its tokens are", () => {
    const told = { kind: "imported", ...textSet(), vocabulary: [10, 32, 97] };
    expect(checkImportReport(told)).toEqual({ ok: true, value: told });
    const long = { ...told, vocabulary: Array<number>(4_097).fill(1) };
    expect(checkImportReport(long).ok).toBe(false);
  });

  it.each([
    ["a short root", { ...imported, root: new Uint8Array(31) }],
    ["an unknown kind of data", { ...imported, data: { ...imported.data, kind: "film" } }],
    [
      "too many classes",
      { ...imported, data: { ...imported.data, classNames: Array(257).fill("") } },
    ],
    ["a column without a mean", { ...imported, columns: [{ name: "a", mean: NaN, deviation: 1 }] }],
    ["a further field", { ...imported, path: "/etc" }],
    ["nothing", null],
  ])("refuses %s", (_what, message) => {
    const checked = checkImportReport(message);
    expect(checked.ok ? "" : checked.rejection.code).toBe("MINER_MESSAGE");
  });
});

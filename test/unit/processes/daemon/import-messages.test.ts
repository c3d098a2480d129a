import { describe, expect, it } from "vitest";

import {
  checkImportCommand,
  checkImportReport,
} from "../../../../src-main/processes/daemon/import-messages.ts";
import { sampleSet } from "./sample-set.ts";

const imported = { kind: "imported", ...sampleSet() };

describe("messages of the importer", () => {
  it("pass as they are meant", () => {
    expect(checkImportReport(imported)).toEqual({ ok: true, value: imported });
    const refused = { kind: "refused", code: "DATA_IMPORT_KIND", facts: { file: "x", row: 3 } };
    expect(checkImportReport(refused).ok).toBe(true);
    const start = { kind: "start", path: "/data", blobsFolder: "/blobs" };
    expect(checkImportCommand(start).ok).toBe(true);
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

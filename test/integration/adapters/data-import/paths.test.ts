import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ownFolder, pngBytes, refused, writePngs, writeSmallPair } from "./made-data.ts";

const folder = ownFolder();
const inFolder = (name: string) => join(folder.path, name);

/** Someone without rights, where the tests run as one who has them all. */
const NOBODY = 65_534;

async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe("adapters/data-import refuses paths", () => {
  it("with nothing there", async () => {
    for (const path of ["nothing.csv", "none/at/all", "bad\u0000name.csv", ""]) {
      const given = path === "" ? "" : inFolder(path);
      const { code } = await refused(given);
      expect(code).toMatch(/^DATA_IMPORT_(MISSING|UNREADABLE)$/);
    }
    expect(await refused(inFolder("nothing.csv"))).toEqual({
      code: "DATA_IMPORT_MISSING",
      facts: { file: inFolder("nothing.csv") },
    });
  });

  it("that lead to themselves or nowhere", async () => {
    symlinkSync("loop.csv", inFolder("loop.csv"));
    expect(await refused(inFolder("loop.csv"))).toEqual({
      code: "DATA_IMPORT_UNREADABLE",
      facts: { file: inFolder("loop.csv"), reason: "ELOOP" },
    });
    const long = inFolder(`${"x".repeat(300)}.csv`);
    expect(await refused(long)).toMatchObject({ facts: { reason: "ENAMETOOLONG" } });
    const gone = inFolder("data");
    writePngs(gone, "a", { "0.png": pngBytes({ rgba: [1, 1, 1, 255] }) });
    symlinkSync("nowhere.png", join(gone, "a", "1.png"));
    writePngs(gone, "b", { "0.png": pngBytes({ rgba: [1, 1, 1, 255] }) });
    writePngs(gone, "b", { "1.png": pngBytes({ rgba: [1, 1, 1, 255] }) });
    expect(await refused(gone)).toEqual({
      code: "DATA_IMPORT_MISSING",
      facts: { file: join(gone, "a", "1.png") },
    });
  });

  it("that may not be read: a folder, a class folder, a file", async () => {
    const data = inFolder("data");
    const image = pngBytes({ rgba: [1, 1, 1, 255] });
    writePngs(data, "a", { "0.png": image, "1.png": image });
    writePngs(data, "b", { "0.png": image, "1.png": image });
    writeFileSync(inFolder("data.csv"), "a,1\nb,2");
    chmodSync(folder.path, 0o755);
    for (const forbidden of [
      inFolder("data.csv"),
      join(data, "b", "1.png"),
      join(data, "b"),
      data,
    ]) {
      chmodSync(forbidden, 0o000);
      const given = forbidden.endsWith(".csv") ? forbidden : data;
      const rejection = await asNobody(() => refused(given));
      chmodSync(forbidden, 0o755);
      expect(rejection).toEqual({
        code: "DATA_IMPORT_UNREADABLE",
        facts: { file: forbidden, reason: "EACCES" },
      });
    }
  });

  it("that are of no known kind", async () => {
    writeFileSync(inFolder("photo.jpg"), "x");
    mkdirSync(inFolder("docs"));
    writeFileSync(inFolder("docs/a.doc"), "x");
    for (const name of ["photo.jpg", "docs"]) {
      expect((await refused(inFolder(name))).code).toBe("DATA_IMPORT_KIND");
    }
    expect((await refused("/dev/null")).code).toBe("DATA_IMPORT_KIND");
  });

  it.skipIf(process.platform === "win32")("that are pipes, which would never end", async () => {
    execFileSync("mkfifo", [inFolder("pipe.csv")]);
    expect((await refused(inFolder("pipe.csv"))).code).toBe("DATA_IMPORT_KIND");
    writeSmallPair(folder.path, "train", [0, 1, 0, 1]);
    execFileSync("mkfifo", [inFolder("t10k-images-idx3-ubyte")]);
    execFileSync("mkfifo", [inFolder("t10k-labels-idx1-ubyte")]);
    expect((await refused(folder.path)).code).toBe("DATA_IMPORT_KIND");
  });

  it("and says names on one line", async () => {
    const { facts } = await refused(inFolder("two\nlines\u202e.csv"));
    expect(facts.file).toBe(inFolder("two\\x0alines\\u{202e}.csv"));
  });
});

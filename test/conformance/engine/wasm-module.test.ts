import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** What the build program offers; it is plain JavaScript. */
interface Build {
  readonly MODULE_FILE: string;
  readonly NOTE_FILE: string;
  buildModule(): Promise<Uint8Array>;
  hashOf(bytes: Uint8Array): string;
  tools(): { readonly compiler: string; readonly linker: string } | undefined;
}

const url = new URL("../../../native/wasm/build.mjs", import.meta.url).href;
const { MODULE_FILE, NOTE_FILE, buildModule, hashOf, tools } = (await import(url)) as Build;

const note = JSON.parse(readFileSync(NOTE_FILE, "utf8")) as Readonly<Record<string, unknown>>;
const here = tools();
const isSame = here?.compiler === note["compiler"] && here?.linker === note["linker"];
if (!isSame) {
  const found = here === undefined ? "none" : `${here.compiler}, ${here.linker}`;
  console.log(
    `kernels.wasm is not built again: made by ${String(note["compiler"])}, here ${found}`,
  );
}

/** More than enough for all kernels, little enough for a clone. */
const BYTES_MAX = 500_000;

describe("kernels.wasm", () => {
  it("is what its note says and small", () => {
    const bytes = readFileSync(MODULE_FILE);
    expect({ sha256: hashOf(bytes), bytes: bytes.length }).toEqual({
      sha256: note["sha256"],
      bytes: note["bytes"],
    });
    expect(bytes.length).toBeLessThan(BYTES_MAX);
  });

  it.skipIf(!isSame)("is what its sources give; else run native/wasm/build.mjs", async () => {
    expect(hashOf(await buildModule())).toBe(note["sha256"]);
  });
});

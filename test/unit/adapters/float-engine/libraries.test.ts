import { describe, expect, it } from "vitest";

import {
  FLOAT_LIBRARIES,
  isFloatLibrary,
} from "../../../../src-main/adapters/float-engine/libraries.ts";

describe("adapters/float-engine/libraries", () => {
  it("knows its own builds and no other name", () => {
    for (const library of FLOAT_LIBRARIES) expect(isFloatLibrary(library)).toBe(true);
    for (const other of ["tfjs", "", undefined, 1]) expect(isFloatLibrary(other)).toBe(false);
  });

  it("prefers what comes with the program and is fast", () => {
    expect(FLOAT_LIBRARIES[0]).toBe("tfjs-wasm");
  });
});

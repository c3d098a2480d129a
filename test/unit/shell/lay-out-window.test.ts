import { describe, expect, it } from "vitest";

import { withoutTypes } from "../../../src-main/shell/lay-out-window.ts";

describe("withoutTypes", () => {
  it("takes types out, keeps every line, and names what is imported", () => {
    const text = [
      'import { join } from "node:path";',
      'import { app } from "electron";',
      'import { accept } from "../contract/outcome.ts";',
      'import type { Outcome } from "../contract/outcome.ts";',
      'export { guard } from "./guards.ts";',
      "export const found = (path: string): Outcome<string> => accept(join(path, app.name));",
    ].join("\n");
    const { code, imports } = withoutTypes("shell/main.ts", text);
    expect(imports).toEqual(["contract/outcome.ts", "shell/guards.ts"]);
    expect(code.split("\n")).toHaveLength(6);
    expect(code).toContain('from "../contract/outcome.js"');
    expect(code).toContain('from "./guards.js"');
    expect(code).not.toMatch(/Outcome|\.ts"|: string/);
  });

  it("refuses a package: the archive has none", () => {
    expect(() => withoutTypes("shell/main.ts", 'import { z } from "zod";\nz();')).toThrow(/zod/);
    expect(() => withoutTypes("shell/main.ts", 'import "./styles.css";')).toThrow(/styles/);
  });
});

/** electron-builder.yml against the packager's own schema, and against what we promise of it. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { Ajv } from "ajv";
import { getConfig } from "app-builder-lib/out/util/config/config.js";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const readJson = (path: string) => JSON.parse(readFileSync(`${root}${path}`, "utf8"));

/** A configuration as it is read: what its parts are, the schema says. */
type Config = Record<string, Record<string, unknown>>;

const config = (await getConfig(root, null, null)) as unknown as Config;
const schema = readJson("node_modules/app-builder-lib/scheme.json");
// "typeof" is the packager's own word for functions, which a file cannot hold.
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

/** What the schema has against a configuration, as "place: words". */
function complaints(document: unknown): string[] {
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

const changed = (change: (copy: Config) => void) => {
  const copy = structuredClone(config);
  change(copy);
  return complaints(copy);
};

describe("electron-builder.yml", () => {
  it("fits the packager's schema", () => {
    expect(complaints(config)).toEqual([]);
  });

  it.each<[string, (copy: Config) => void]>([
    ["an unknown key", (copy) => void Object.assign(copy, { asarr: true })],
    ["an unknown key of a package", (copy) => void Object.assign(copy["deb"]!, { dependz: [] })],
    [
      "an unknown fuse",
      (copy) => void Object.assign(copy["electronFuses"]!, { runAsNodes: false }),
    ],
    [
      "a fuse that is no switch",
      (copy) => void Object.assign(copy["electronFuses"]!, { runAsNode: "off" }),
    ],
    ["a text for a list", (copy) => void Object.assign(copy["deb"]!, { depends: "libgtk-3-0" })],
    ["a number for a text", (copy) => void Object.assign(copy, { appId: 7 })],
    ["an unknown compression", (copy) => void Object.assign(copy, { compression: "best" })],
  ])("would be refused with %s", (_what, change) => {
    expect(changed(change)).not.toEqual([]);
  });

  it("makes an AppImage, a deb, an installer for Windows and a disk image for macOS", () => {
    expect([
      config["linux"]?.["target"],
      config["win"]?.["target"],
      config["mac"]?.["target"],
    ]).toEqual([["AppImage", "deb"], ["nsis"], ["dmg"]]);
  });

  it("switches off every way to make Electron's program another one", () => {
    expect(config["electronFuses"]).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableCookieEncryption: true,
      onlyLoadAppFromAsar: true,
      enableEmbeddedAsarIntegrityValidation: true,
      grantFileProtocolExtraPrivileges: false,
      loadBrowserProcessSpecificV8Snapshot: false,
    });
    expect(config["asar"]).toBe(true);
  });

  it("never deletes keys with the program", () => {
    expect(config["nsis"]?.["deleteAppDataOnUninstall"]).toBe(false);
  });

  it("names the Electron that package.json names", () => {
    expect(config["electronVersion"]).toBe(readJson("package.json").devDependencies.electron);
  });

  it("names files that are there", () => {
    const { fpm } = config["deb"] as { fpm: string[] };
    const icons = ["linux", "win", "mac"].map((system) => config[system]?.["icon"]);
    const files = [...icons, config["beforeBuild"], ...fpm.map((one) => one.split("=")[0])];
    for (const file of files.map(String)) {
      expect(readFileSync(`${root}${file}`).length, file).toBeGreaterThan(0);
    }
  });
});

describe("the icon", () => {
  it("is what its script draws", async () => {
    const { PNG } = await import("pngjs");
    const script = new URL("packaging/draw-icon.mjs", `file://${root}`).href;
    const drawn = (await import(script)) as { drawIcon(): Buffer };
    const committed = PNG.sync.read(readFileSync(`${root}packaging/icon.png`));
    expect([committed.width, committed.height]).toEqual([512, 512]);
    expect(committed.data.equals(PNG.sync.read(drawn.drawIcon()).data)).toBe(true);
  });
});

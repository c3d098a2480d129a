import { fileURLToPath, pathToFileURL } from "node:url";

import { describe, expect, it } from "vitest";

const script = fileURLToPath(
  new URL("../../../packaging/production-packages.mjs", import.meta.url),
);

interface Script {
  productionPackages(lock: object, target: object): string[];
  isNeeded(path: string, target: object): boolean;
}

const { productionPackages, isNeeded } = (await import(pathToFileURL(script).href)) as Script;

const LINUX = { platform: "linux", arch: "x64", libc: "glibc" };

describe("productionPackages", () => {
  const lock = {
    packages: {
      "": { dependencies: { a: "1" }, devDependencies: { tool: "1" } },
      "node_modules/a": { dependencies: { b: "1" }, optionalDependencies: { n1: "1", n2: "1" } },
      "node_modules/a/node_modules/b": { dependencies: { c: "1", a: "1" } },
      "node_modules/b": {},
      "node_modules/c": {},
      "node_modules/n1": { optional: true, os: ["linux"], cpu: ["x64"], libc: ["glibc"] },
      "node_modules/n2": { optional: true, os: ["darwin"], cpu: ["arm64"] },
      "node_modules/tool": {},
    },
  };

  it("follows what is needed as Node would find it, and leaves out tools and other systems", () => {
    const own = ["node_modules/a", "node_modules/a/node_modules/b", "node_modules/c"];
    expect(productionPackages(lock, LINUX)).toEqual([...own, "node_modules/n1"]);
    const mac = { platform: "darwin", arch: "arm64" };
    expect(productionPackages(lock, mac)).toEqual([...own, "node_modules/n2"]);
    const musl = { ...LINUX, libc: "musl" };
    expect(productionPackages(lock, musl)).toEqual(own);
  });

  it("refuses a lock file that lacks what it names", () => {
    const torn = { packages: { "": { dependencies: { a: "1" } } } };
    expect(() => productionPackages(torn, LINUX)).toThrow(/names a/);
  });
});

describe("isNeeded", () => {
  it("keeps what runs here and every licence", () => {
    for (const path of [
      "lmdb/index.js",
      "secp256k1/prebuilds/linux-x64/secp256k1.glibc.node",
      "usearch/prebuilds/linux-arm64+x64/usearch.node",
      "usearch/LICENSE",
      "webgpu/dist/linux-x64/dawn.node",
      "lmdb/dependencies/lmdb/LICENSE",
      "@tensorflow/tfjs/package.json",
      "@tensorflow/tfjs-core/dist/tf-core.node.js",
      "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm",
      "gpt-tokenizer/esm/encoding/o200k_base.js",
    ]) {
      expect(isNeeded(path, LINUX), path).toBe(true);
    }
  });

  it("keeps the one graphics library that macOS has for both processors", () => {
    const mac = { platform: "darwin", arch: "arm64", libc: undefined };
    expect(isNeeded("webgpu/dist/darwin-universal/dawn.node", mac)).toBe(true);
  });

  it("leaves out other systems, sources of compiled parts and texts", () => {
    for (const path of [
      "secp256k1/prebuilds/win32-x64/secp256k1.node",
      "secp256k1/prebuilds/darwin-arm64/secp256k1.node",
      "lmdb/dependencies/lmdb/mdb.c",
      "webgpu/dist/win32-x64/dawn.node",
      "webgpu/dist/linux-arm64/dawn.node",
      "webgpu/build/postinstall.js",
      "@tensorflow/tfjs/dist/tf.min.js",
      "@tensorflow/tfjs-core/dist/ops/add.js",
      "gpt-tokenizer/data/o200k_base.tiktoken",
      "ethers/README.md",
      "ethers/lib.esm/index.d.ts",
      "ethers/lib.esm/index.js.map",
    ]) {
      expect(isNeeded(path, LINUX), path).toBe(false);
    }
  });
});

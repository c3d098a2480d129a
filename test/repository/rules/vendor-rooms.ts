/**
 * Decides which room may import which third-party package: one room each, so that a package can be
 * replaced in one place. `test/` may use any package that package.json names.
 */
import { importsOf, packageOf } from "../imports.ts";
import type { Import } from "../imports.ts";
import { roomOf } from "../rooms.ts";
import type { Finding, Rule, Tree, TreeFile } from "../tree.ts";

/** Package to rooms. Only koffi may serve several: each adapter calls its own foreign library. */
const VENDOR_ROOMS: Readonly<Record<string, readonly string[]>> = {
  "@bitauth/libauth": ["adapters/native-crypto"],
  "@noble/ciphers": ["crypto"],
  "@noble/curves": ["crypto"],
  "@noble/hashes": ["crypto"],
  "@chainsafe/hashtree": ["adapters/native-crypto"],
  "@scure/bip32": ["wallet"],
  "@scure/bip39": ["wallet"],
  "@tensorflow/tfjs": ["adapters/float-engine"],
  "@tensorflow/tfjs-backend-wasm": ["adapters/float-engine"],
  "@tgwf/co2": ["adapters/grid-signals"],
  canonicalize: ["energy"],
  commander: ["processes"],
  "csv-parse": ["adapters/data-import"],
  "digest-fetch": ["adapters/meters"],
  electron: ["shell"],
  ethers: ["wallet"],
  "gpt-tokenizer": ["adapters/data-import"],
  jsmodbus: ["adapters/meters"],
  koffi: [
    "adapters/disk",
    "adapters/host",
    "adapters/machine",
    "adapters/meters",
    "adapters/nvml",
    "adapters/telemetry",
  ],
  lmdb: ["adapters/disk"],
  mnist: ["processes"],
  pdfkit: ["processes"],
  pngjs: ["adapters/data-import"],
  "prom-client": ["api"],
  secp256k1: ["adapters/native-crypto"],
  "smol-toml": ["processes"],
  suncalc: ["energy"],
  systeminformation: ["adapters/machine"],
  usearch: ["adapters/search-accelerator"],
  webgpu: ["adapters/webgpu-engine"],
  ws: ["api"],
  zod: ["contract"],
};

export const vendorRooms: Rule = {
  name: "vendor-rooms",
  holds: "a third-party package is imported from its one room only",
  check(tree) {
    const declared = declaredPackages(tree);
    return tree.files.flatMap((file) =>
      importsOf(file).flatMap((one) => refusal(file, one, declared)),
    );
  },
};

function refusal(file: TreeFile, one: Import, declared: ReadonlySet<string>): Finding[] {
  const bare = one.target === undefined && !one.specifier.startsWith("node:");
  if (!bare) return [];
  const name = packageOf(one.specifier);
  const finding = (message: string): Finding[] => [{ path: file.path, line: one.line, message }];
  if (!declared.has(name)) return finding(`${name} is not in package.json`);
  const room = roomOf(file.path);
  if (room === undefined) return [];
  const rooms = Object.hasOwn(VENDOR_ROOMS, name) ? VENDOR_ROOMS[name] : undefined;
  if (rooms === undefined) return finding(`${name} has no room; give it one in vendor-rooms.ts`);
  if (rooms.includes(room)) return [];
  return finding(`${name} belongs to ${rooms.join(", ")}; use that room's face instead`);
}

function declaredPackages(tree: Tree): Set<string> {
  const file = tree.byPath.get("package.json");
  if (file === undefined) return new Set();
  const manifest = JSON.parse(file.text) as Record<string, Record<string, string> | undefined>;
  const kinds = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
  return new Set(kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {})));
}

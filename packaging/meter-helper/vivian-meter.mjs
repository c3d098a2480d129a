/**
 * Decides what root tells others of the processor's energy: the sum of each package, at most once a
 * second. Finer readings of these counters gave secrets of other programs away (CVE-2020-8694), so
 * Linux keeps them for root. No dependency and no input: whoever connects is told one line of JSON.
 *
 *   node vivian-meter.mjs [socket] [powercap folder]
 *
 * Under systemd the socket is handed in (LISTEN_FDS) and both arguments are absent.
 */
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

const [, , socketPath, folder = "/sys/class/powercap"] = process.argv;

/** No reading is finer than this. */
const GRAIN_MS = 1_000;

/** Counters of 65 kJ begin anew after 43 s at 1,500 W; they are read twice in that time. */
const WATCH_MS = 20_000;

/** The first descriptor that systemd hands in (sd_listen_fds(3)). */
const FIRST_DESCRIPTOR = 3;

/** @param {string} path */
const text = (path) => readFileSync(path, "utf8").trim();

/** @param {string} path */
function numberIn(path) {
  const value = Number(text(path));
  if (!Number.isFinite(value)) throw new Error(`${path} holds no number`);
  return value;
}

/** Packages, each once, with what they have counted since this program began. */
function findPackages() {
  /** @type {Map<string, { path: string, range: number, last: number, microjoules: number }>} */
  const found = new Map();
  const domains = readdirSync(folder).filter((name) => /^intel-rapl(-mmio)?:\d+$/.test(name));
  // The msr driver's before its mmio twin.
  const twin = (/** @type {string} */ name) => (name.includes("mmio") ? 1 : 0);
  domains.sort((left, right) => twin(left) - twin(right) || (left < right ? -1 : 1));
  for (const domain of domains) {
    const name = text(join(folder, domain, "name"));
    if (!/^package-\d+$/.test(name) || found.has(name)) continue;
    const path = join(folder, domain, "energy_uj");
    const range = numberIn(join(folder, domain, "max_energy_range_uj"));
    found.set(name, { path, range, last: numberIn(path), microjoules: 0 });
  }
  return found;
}

const packages = findPackages();
if (packages.size === 0) {
  console.error("this processor shows no package in powercap; nothing to tell");
  process.exit(1);
}
const since = new Date().toISOString();
let readMs = performance.now();

/** Takes over what the counters say, unless that was done within the grain. */
function refresh() {
  const nowMs = performance.now();
  if (nowMs - readMs < GRAIN_MS) return;
  for (const one of packages.values()) {
    const now = numberIn(one.path);
    one.microjoules += now >= one.last ? now - one.last : one.range - one.last + now;
    one.last = now;
  }
  readMs = nowMs;
}

function answer() {
  refresh();
  return JSON.stringify({
    schema: "vivian-meter/1",
    since,
    ageMs: Math.round(performance.now() - readMs),
    packages: [...packages].map(([name, { microjoules }]) => {
      return { name, millijoules: Math.floor(microjoules / 1_000) };
    }),
  });
}

const server = createServer((socket) => {
  socket.on("error", () => socket.destroy());
  // Nobody is waited for: who never hangs up would keep others from asking.
  socket.end(`${answer()}\n`, () => socket.destroy());
});
server.maxConnections = 16;
setInterval(refresh, WATCH_MS);
process.on("SIGTERM", () => process.exit(0));

if (process.env["LISTEN_FDS"] === "1") server.listen({ fd: FIRST_DESCRIPTOR });
else if (socketPath !== undefined) server.listen(socketPath);
else {
  console.error("a socket is needed: start vivian-meter.socket, or give a path");
  process.exit(2);
}

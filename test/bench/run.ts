/**
 * Decides what `npm run bench -- ROOM [--json] [--quick]` runs. Results are
 * checked before they are timed; peers are asked in the same run, in turns.
 */

import { lineForPeople } from "./bench-line.ts";
import type { BenchLine } from "./bench-line.ts";
import type { BenchKit } from "./bench-kit.ts";
import { benchAccuracy } from "./accuracy/bench-accuracy.ts";
import { benchCrypto } from "./crypto/bench-crypto.ts";
import { benchCuda } from "./cuda/bench-cuda.ts";
import { benchEngine } from "./engine/bench-engine.ts";
import { benchFallback } from "./fallback/bench-fallback.ts";
import { benchGraphics } from "./graphics/bench-graphics.ts";
import { benchFloat } from "./float/bench-float.ts";
import { benchLearning } from "./learning/bench-learning.ts";
import { benchLedger } from "./ledger/bench-ledger.ts";
import { machineLine } from "./machine-line.ts";
import { benchSearchRoom } from "./search/bench-search-room.ts";

const ROOMS: Readonly<Record<string, (kit: BenchKit) => Promise<void>>> = {
  accuracy: benchAccuracy,
  crypto: benchCrypto,
  cuda: benchCuda,
  engine: benchEngine,
  fallback: benchFallback,
  graphics: benchGraphics,
  float: benchFloat,
  learning: benchLearning,
  ledger: benchLedger,
  search: benchSearchRoom,
};

const words = process.argv.slice(2);
const isJson = words.includes("--json");
const [room] = words.filter((word) => !word.startsWith("--"));
const bench = room === undefined ? undefined : ROOMS[room];

function print(line: BenchLine): void {
  console.log(isJson ? JSON.stringify(line) : lineForPeople(line));
}

if (bench === undefined) {
  console.error(`usage: npm run bench -- ${Object.keys(ROOMS).join("|")} [--json] [--quick]`);
  process.exitCode = 2;
} else {
  const machine = machineLine();
  console.log(isJson ? JSON.stringify(machine) : Object.values(machine).join(", "));
  await bench({
    size: words.includes("--quick") ? "quick" : "full",
    peers: !words.includes("--no-peers"),
    print,
    note: (text) => console.error(text),
  });
}

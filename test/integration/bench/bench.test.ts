import { describe, expect, it } from "vitest";
import { benchLine, lineForPeople } from "../../bench/bench-line.ts";
import type { BenchLine } from "../../bench/bench-line.ts";
import { mustHold } from "../../bench/bench-kit.ts";
import type { BenchKit } from "../../bench/bench-kit.ts";
import { benchCrypto } from "../../bench/crypto/bench-crypto.ts";
import { benchEngine } from "../../bench/engine/bench-engine.ts";
import { benchGraphics } from "../../bench/graphics/bench-graphics.ts";
import { benchFallback } from "../../bench/fallback/bench-fallback.ts";
import { benchFloat } from "../../bench/float/bench-float.ts";
import { benchLearning } from "../../bench/learning/bench-learning.ts";
import { benchLedger } from "../../bench/ledger/bench-ledger.ts";
import { startPeer } from "../../bench/peers/line-peer.ts";
import { benchSearchRoom } from "../../bench/search/bench-search-room.ts";
import { median, takeTurns } from "../../bench/timing.ts";
import { nativeBackends } from "../../../src-main/adapters/native-engine/index.ts";

async function namesOf(bench: (kit: BenchKit) => Promise<void>): Promise<readonly string[]> {
  const lines: BenchLine[] = [];
  const print = (line: BenchLine) => void lines.push(line);
  await bench({ size: "tiny", peers: false, print, note: () => undefined });
  for (const line of lines) {
    expect(line.name).toMatch(/^[a-z]+\.[a-z0-9-]+\/[a-z]+=\S+( [a-z]+=\S+)*$/);
    expect(line.value, line.name).toBeGreaterThan(0);
  }
  return lines.map(({ name }) => name);
}

describe("the benchmarks", () => {
  it.skipIf(!nativeBackends().available)("of the engine run and check their results", async () => {
    const names = await namesOf(benchEngine);
    expect(names.some((name) => name.startsWith("engine.matmul/profile=I14"))).toBe(true);
    expect(names.some((name) => name.startsWith("engine.train/model=cnn"))).toBe(true);
  });

  it("of graphics devices run and check their results, where there is one", async () => {
    const names = await namesOf(benchGraphics);
    expect([0, 2]).toContain(names.length);
    expect(names.every((name) => name.startsWith("engine.matmul/profile="))).toBe(true);
  });

  it.skipIf(!nativeBackends().available)("of the float engine run and agree first", async () => {
    const names = await namesOf(benchFloat);
    expect(names).toEqual([expect.stringMatching(/^engine\.train\/model=mlp /)]);
  });

  it("of the engine as WebAssembly run on states that agree with all others", async () => {
    const names = new Set(await namesOf(benchFallback));
    expect([...names]).toEqual([expect.stringMatching(/^fallback\.train\/model=mlp .*isa=wasm/)]);
  });

  it("of cryptography run and check their results", async () => {
    const names = await namesOf(benchCrypto);
    for (const what of ["recover/by=wasm", "typed-digest", "check-record", "encrypt", "seal"]) {
      expect(
        names.some((name) => name.startsWith(`crypto.${what}`)),
        what,
      ).toBe(true);
    }
  });

  it("of learning run and check their results", async () => {
    expect(await namesOf(benchLearning)).toHaveLength(6);
  });

  it("of the ledger run and check their results", async () => {
    const names = await namesOf(benchLedger);
    for (const what of ["append", "inclusion", "state-update", "execute", "verify"]) {
      expect(names.some((name) => name.startsWith(`ledger.${what}/`))).toBe(true);
    }
  });

  it("of searching run and check their results", async () => {
    const names = await namesOf(benchSearchRoom);
    const all = [
      "search-accel",
      "bytes",
      "codes",
      "records",
      "insert",
      "shards",
      "sampling",
      "hot",
    ];
    for (const what of all) {
      expect(
        names.some((name) => name.includes(what)),
        what,
      ).toBe(true);
    }
  });

  it("print no figure of a wrong result", () => {
    expect(() => mustHold(false, "the root")).toThrow("not measured");
  });

  it("set ours against the peer's and the limit", () => {
    const line = benchLine("a.b/c=1", 3, "x/s", { peer: "other", peerValue: 2, limit: 4 });
    expect(line).toEqual({
      name: "a.b/c=1",
      value: 3,
      unit: "x/s",
      peer: "other",
      peerValue: 2,
      ratio: 1.5,
      limit: 4,
      ofLimit: 0.75,
    });
    expect(lineForPeople(line)).toBe("a.b/c=1  3 x/s; other 2 x/s: 1.5 times; 75 % of 4");
  });

  it("take turns and count the median", async () => {
    const order: string[] = [];
    const contestant = (name: string, values: number[]) => () => {
      order.push(name);
      return values.shift() ?? 0;
    };
    const medians = await takeTurns(3, [contestant("a", [9, 1, 2]), contestant("b", [5, 5, 6])]);
    expect(medians).toEqual([2, 5]);
    expect(order.join("")).toBe("ababab");
    expect(median([4, 1, 3, 2])).toBe(2);
  });
});

describe("a peer", () => {
  const echo = `console.log("echo-1"); process.stdin.on("data", (text) => console.log(0.25));`;

  it("names itself and answers seconds", async () => {
    const peer = await startPeer(process.execPath, ["-e", echo]);
    if (typeof peer === "string") throw new Error(peer);
    expect(peer.name).toBe("echo-1");
    expect(await peer.seconds(3)).toBe(0.25);
    peer.close();
  });

  it("that is missing or fails says why", async () => {
    expect(await startPeer("no-such-program-here", [])).toContain("ENOENT");
    const failing = `console.error("no module"); process.exit(1)`;
    expect(await startPeer(process.execPath, ["-e", failing])).toBe("no module");
  });
});

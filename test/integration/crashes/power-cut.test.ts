import { rmSync } from "node:fs";
import { afterAll, describe, expect, it, vi } from "vitest";
import { RoundTable } from "../../reports/round-table.ts";
import { LOCK_FOLDER, StoreSessions, VoteSessions } from "./ledger-sessions.ts";
import { BlobSessions, FoundingSessions, UnitSessions } from "./folder-sessions.ts";
import { cutEverywhere } from "./power-cuts.ts";
import type { CutSubject } from "./power-cuts.ts";

vi.mock("node:fs", async (original) => {
  const { simulatedFiles } = await import("./simulated-files.ts");
  return simulatedFiles(await original());
});
vi.mock("node:fs/promises", async (original) => {
  const { simulatedPromises } = await import("./simulated-files.ts");
  return simulatedPromises(await original());
});

afterAll(() => rmSync(LOCK_FOLDER, { recursive: true, force: true }));

const FULL = process.env["VIVIAN_FULL"] === "1";
const table = new RoundTable("crashes", "integration/crashes/power-cut");

interface Place {
  readonly where: string;
  readonly make: () => CutSubject;
  readonly seeds: number;
  /** Syncs that must each be missed where they are left out. */
  readonly syncs: readonly string[];
}

const PLACES: readonly Place[] = [
  {
    where: "record bytes, database, tiles",
    make: () => new StoreSessions(),
    seeds: 6,
    syncs: ["entries sync", "database sync", "tile part sync", "folder ledger sync"],
  },
  {
    where: "vote log",
    make: () => new VoteSessions(false),
    seeds: 12,
    syncs: ["votes sync", "folder ledger sync"],
  },
  {
    where: "vote log that is rewritten",
    make: () => new VoteSessions(true),
    seeds: 1,
    syncs: ["votes part sync"],
  },
  {
    where: "blobs",
    make: () => new BlobSessions(),
    seeds: 6,
    syncs: ["blob part sync", "folder 00 sync", "folder blobs sync"],
  },
  {
    where: "unit checkpoints, finished work, verdict",
    make: () => new UnitSessions(),
    seeds: 10,
    syncs: ["work.bin part sync", "checkpoint part sync", "folder unit sync"],
  },
  {
    where: "genesis and keys",
    make: () => new FoundingSessions(),
    seeds: 4,
    syncs: ["genesis.bin part sync", "folder practice sync", "folder keys sync"],
  },
];

describe("a power cut", () => {
  it.each(PLACES)("loses nothing acknowledged: $where", async ({ where, make, seeds }) => {
    await table.row(`power cut at every step: ${where}`, async () => {
      const { rounds, steps } = await cutEverywhere(make, { seeds: FULL ? 20 * seeds : seeds });
      console.log(`${rounds} rounds; cut at: ${steps.join(", ")}`);
      return { rounds, outcome: "nothing acknowledged lost, went on" };
    });
  });

  const plants = PLACES.flatMap(({ where, make, syncs }) =>
    syncs.map((sync) => ({ where, make, sync })),
  );
  it.each(plants)("shows a missing $sync: $where", async ({ where, make, sync }) => {
    await table.row(`missing "${sync}" planted: ${where}`, async () => {
      const skips = (step: string) => step === sync;
      await expect(cutEverywhere(make, { seeds: 40, skips })).rejects.toThrow(/^seed \d+, cut at/);
      return { rounds: 1, outcome: "caught" };
    });
  });
});

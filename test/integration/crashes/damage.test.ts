import { spawn } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { CODES } from "../../../src-main/contract/explain.ts";
import { UnitFiles } from "../../../src-main/miner/unit/unit-files.ts";
import { RoundTable } from "../../reports/round-table.ts";
import { KeptSeeds } from "../../worlds/kept-seeds.ts";
import { SeededRandom } from "../../worlds/seeded-random.ts";
import { ended as endOf, TestHome } from "../processes/run-vivian.ts";
import { damaged, drawDamages } from "./damages.ts";
import type { Damage, DamageKind, Finding, Look } from "./damages.ts";
import { verdictOf, workOf } from "./folder-sessions.ts";
import { makeLonger } from "./longer-ledger.ts";
import { toldUnits } from "./told-jobs.ts";

const FULL = process.env["VIVIAN_FULL"] === "1";
/** Of the damages that each file has below; each run draws other ones. */
const SHARE = FULL ? 10 : 0.2;
/** A seed that failed is run with this share, in which those of every run are. */
const KEPT_SHARE = 10;
const table = new RoundTable("crashes", "integration/crashes/damage");
const seed = (Date.now() % 1_000_000) + 1;
const home = new TestHome('[jobs]\nfirst = "digits-tiny"\n');
afterAll(() => home.remove());

/** Slots stored, and segments of the unit that is half trained. */
let slots = 0;

/** Damages that ended the process that read them, each followed by commands that did not. */
const ended: Damage[] = [];

/** A folder with a paid job, its receipt, and a second job that was left in the middle. */
beforeAll(async () => {
  console.log(`damage seed ${seed}`);
  const once = await home.run(["start", "--once"]);
  expect(once).toMatchObject({ code: 0, stderr: "" });
  expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
  expect(await home.run(["job", "submit", "digits-tiny"])).toMatchObject({ code: 0 });
  const checkpoints = () => filesOf(home.folder.units).filter((name) => /checkpoint$/.test(name));
  const trained = () => expect(checkpoints().length).toBeGreaterThan(2);
  await vi.waitFor(trained, { timeout: 60_000, interval: 10 });
  process.kill(await home.daemonPid(), "SIGKILL");
  await vi.waitFor(async () => expect(await home.connect()).toBe(null), { timeout: 10_000 });
  const told = await toldUnits(home.folder);
  const left = told.filter(({ paid }) => paid.length === 0);
  expect(left.length, "a job is left").toBe(1);
  const unit = join(home.folder.units, Buffer.from(left[0].unit).toString("hex"));
  const files = new UnitFiles(nativeSha256, unit);
  await files.writeWork(workOf(new SeededRandom(seed)));
  await files.writeVerdict(verdictOf(new SeededRandom(seed)));
  const report = await home.run(["ledger", "verify", "--json"]);
  slots = (JSON.parse(report.stdout) as { slots: number }).slots;
});

function filesOf(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
}

/** Runs a child for the damages; where one ends the process, that is its finding. */
async function findings(damages: readonly Damage[]): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  while (found.length < damages.length) {
    const script = join(import.meta.dirname, "damage-child.ts");
    const child = spawn(process.execPath, [script, home.home], { env: home.environment });
    child.stdin.end(JSON.stringify(damages.slice(found.length)));
    const { code, stdout, stderr } = await endOf(child);
    const lines = stdout.split("\n").filter((line) => line !== "");
    found.push(...lines.map((line) => JSON.parse(line) as Finding));
    if (code === 0) continue;
    if (child.signalCode === null) throw new Error(`exit code ${code}: ${stderr.slice(-500)}`);
    found.push(await seenByCommands(damages[found.length]));
  }
  return found;
}

/**
 * What a person is told where a damage ends the process that reads it: lmdb maps its file, and a
 * length that leads out of it is a signal. The commands must still answer with a code.
 */
async function seenByCommands(damage: Damage): Promise<Finding> {
  const kept = join(home.root, "kept-ledger");
  const path = join(home.home, damage.file);
  const looks: Look[] = [];
  for (const words of [
    ["ledger", "verify"],
    ["up", "--detach"],
  ]) {
    rmSync(home.folder.ledger, { recursive: true });
    cpSync(kept, home.folder.ledger, { recursive: true });
    writeFileSync(path, damaged(readFileSync(path), damage));
    const { code, stderr } = await home.run(words);
    const told = /^([A-Z_]+): .*\n$/.exec(stderr)?.[1];
    // A start reads little; that nothing is missing is for the check to say.
    looks.push(code === 0 ? { ok: true, slots } : { ok: false, code: told ?? stderr });
    if (code === 0) await home.run(["stop"]);
  }
  rmSync(home.folder.ledger, { recursive: true });
  cpSync(kept, home.folder.ledger, { recursive: true });
  ended.push(damage);
  return { damage, looks };
}

/** A code that is listed and no raw error, with something that names the place. */
function expectClear(look: Look, what: string): void {
  expect(Object.hasOwn(CODES, look.code ?? ""), `${what}: ${JSON.stringify(look)}`).toBe(true);
  expect(look.code, `${what}: ${JSON.stringify(look)}`).not.toBe("API_INTERNAL");
}

interface Drawn {
  readonly seed: number;
  readonly flips: number;
  readonly cuts: number;
}

function damagesOf(kind: DamageKind, path: string, drawn: Drawn): Damage[] {
  const share = drawn.seed === seed ? SHARE : KEPT_SHARE;
  const [flips, cuts] = [drawn.flips, drawn.cuts].map((each) => Math.ceil(share * each));
  const file = relative(home.home, path);
  const { size } = statSync(path);
  const random = (of: number) => new SeededRandom(drawn.seed + of + file.length);
  return [
    ...drawDamages(kind, file, size, { flips, cuts: 0, random: random(0) }),
    ...drawDamages(kind, file, size, { flips: 0, cuts, random: random(1_000_000) }),
  ];
}

/** Runs a case with this run's seed and with those that failed before, which are kept. */
async function withSeeds(
  kind: DamageKind,
  round: (seed: number) => Promise<{ rounds: number; outcome: string }>,
): Promise<void> {
  const kept = new KeptSeeds(`damage-${kind}`);
  for (const each of [...kept.read(), seed]) {
    const where = each === seed ? kind : `${kind}, with seed ${each} again`;
    await table.row(`flipped and cut bytes: ${where}`, () => kept.run(each, round));
  }
}

/** Seeds that failed take as long as a full run. */
const LIMIT_MS = 600_000;

interface Case {
  readonly kind: DamageKind;
  readonly path: () => string;
  readonly flips: number;
  readonly cuts: number;
  /** Whether a damage may be read without a code, and when that is right. */
  readonly mayPass: (look: Look, index: number) => boolean;
}

const first = (folder: string, ending: RegExp) =>
  filesOf(folder)
    .filter((name) => ending.test(name))
    .sort()[0];
/** A start or a check that found everything, all verified again. */
const whole = ({ slots: found }: Look) => found === slots;

const CASES: readonly Case[] = [
  {
    kind: "entries",
    path: () => join(home.folder.ledger, "entries"),
    flips: 20,
    cuts: 6,
    // A start reads few records; the check reads all.
    mayPass: (look, index) => index === 1 && whole(look),
  },
  {
    kind: "database",
    path: () => join(home.folder.ledger, "database", "data.mdb"),
    flips: 40,
    cuts: 8,
    mayPass: whole,
  },
  {
    kind: "votes",
    path: () => join(home.folder.ledger, "votes"),
    flips: 20,
    cuts: 6,
    mayPass: whole,
  },
  {
    kind: "genesis",
    path: () => home.folder.genesis,
    flips: 25,
    cuts: 5,
    mayPass: () => false,
  },
  {
    kind: "keys",
    path: () => join(home.folder.keys, "owner.key"),
    flips: 12,
    cuts: 4,
    // The line end after the digits is not part of the key.
    mayPass: whole,
  },
  {
    kind: "config",
    path: () => home.folder.config,
    flips: 20,
    cuts: 4,
    // Text that is still a valid setting is one.
    mayPass: () => true,
  },
  {
    kind: "receipt",
    path: () => first(home.folder.receipts, /receipt$/),
    flips: 40,
    cuts: 6,
    mayPass: () => false,
  },
  {
    kind: "blob",
    path: () => first(home.folder.blobs, /./),
    flips: 10,
    cuts: 3,
    mayPass: () => false,
  },
  {
    kind: "checkpoint",
    path: () => first(home.folder.units, /segment-0001\.checkpoint$/),
    flips: 12,
    cuts: 4,
    // The row of checkpoints ends before the damaged one: it is trained again.
    mayPass: ({ segments }) => segments === 1,
  },
  {
    kind: "work",
    path: () => first(home.folder.units, /work\.bin$/),
    flips: 20,
    cuts: 5,
    mayPass: () => false,
  },
  {
    kind: "verdict",
    path: () => first(home.folder.units, /verdict\.bin$/),
    flips: 20,
    cuts: 5,
    mayPass: () => false,
  },
  {
    kind: "result",
    path: () => first(home.folder.results, /json$/),
    flips: 40,
    cuts: 6,
    // Spaces between the values are no part of them.
    mayPass: ({ same }) => same === true,
  },
];

describe("a damaged file", () => {
  it.each(CASES)(
    "is told with a code or does no harm: $kind",
    async ({ kind, path, flips, cuts, mayPass }) => {
      await withSeeds(kind, async (from) => {
        const damages = damagesOf(kind, path(), { seed: from, flips, cuts });
        const found = await findings(damages);
        let told = 0;
        for (const [index, finding] of found.entries()) {
          const what = `seed ${from}, ${JSON.stringify(damages[index])}`;
          for (const [at, look] of finding.looks.entries()) {
            if (look.ok) expect(mayPass(look, at), `${what}: ${JSON.stringify(look)}`).toBe(true);
            else expectClear(look, what);
          }
          if (finding.looks.some(({ ok }) => !ok)) told += 1;
        }
        const rest = damages.length - told;
        if (kind === "database") console.log(`${ended.length} ended a process that lmdb ran in`);
        return { rounds: damages.length, outcome: `${told} told with a code, ${rest} harmless` };
      });
    },
    LIMIT_MS,
  );

  it(
    "is told with the tile's place, or made again from the records: tile",
    async () => {
      slots = await makeLonger(home.folder);
      rmSync(join(home.root, "kept-ledger"), { recursive: true, force: true });
      await withSeeds("tile", async (from) => {
        const files = filesOf(join(home.folder.ledger, "tiles")).sort();
        expect(files.length, "a tile of each tree").toBe(2);
        const drawn = { seed: from, flips: 4, cuts: 1 };
        const damages = files.flatMap((path) => damagesOf("tile", path, drawn));
        for (const { damage, looks } of await findings(damages)) {
          const what = `seed ${from}, ${JSON.stringify(damage)}`;
          const [verify, start] = looks;
          expect(whole(start), `${what}: ${JSON.stringify(start)}`).toBe(true);
          // A file of another size is no tile, and one that is absent is derived from the records.
          if (damage.bit === undefined) expect(whole(verify), what).toBe(true);
          else expect(verify, what).toMatchObject({ ok: false, code: "NODE_VERIFY_TILE" });
          const tree = damage.file.includes("/outcome/") ? "outcome" : "vector";
          if (!verify.ok) expect(verify.facts, what).toEqual({ tree, level: 0, index: 0 });
        }
        const flips = damages.filter(({ bit }) => bit !== undefined).length;
        const outcome = `${flips} told with the tile's place, ${damages.length - flips} harmless`;
        return { rounds: damages.length, outcome };
      });
    },
    LIMIT_MS,
  );

  it("that ends the process which maps it is still told with a code", async () => {
    await table.row("a length in the database that leads out of its file", async () => {
      const file = join(home.folder.ledger, "database", "data.mdb");
      const sound = readFileSync(file);
      const longer = Buffer.from(sound);
      // lmdb keeps a value's length in two halves before flags, key length and key.
      for (let at = longer.indexOf("version"); at >= 0;) {
        longer[at - 5] |= 1;
        at = longer.indexOf("version", at + 1);
      }
      writeFileSync(file, longer);
      const verify = await home.run(["ledger", "verify"]);
      const up = await home.run(["up", "--detach"]);
      writeFileSync(file, sound);
      expect([verify.code, up.code]).toEqual([1, 1]);
      expect(verify.stderr).toMatch(/^STORE_DAMAGED: .*data\.mdb, ended SIG.*\nSafe: .*\n$/);
      expect(up.stderr).toMatch(/^PROCESSES_DAEMON_START: .*reason SIG.*\nSafe: .*\n$/);
      expect(await home.run(["ledger", "verify"])).toMatchObject({ code: 0 });
      return { rounds: 1, outcome: "the file is named with a code" };
    });
  });
});

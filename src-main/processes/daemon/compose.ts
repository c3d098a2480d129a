/**
 * Decides how the daemon's parts meet: ledger, blobs, devices, miner, and the calls that reach
 * them. Whatever is opened is put on the list of what must end, in the order it was opened.
 */

import { openBlobFiles } from "../../adapters/blobs/index.ts";
import { systemClock, systemEntropy } from "../../adapters/host/index.ts";
import { cpuLine } from "../../adapters/machine/index.ts";
import type { Inventory } from "../../adapters/machine/index.ts";
import { nativeSha256 } from "../../adapters/native-crypto/index.ts";
import {
  jobHandlers,
  jobNameOf,
  pageTrust,
  rejectionOf,
  spendHandlers,
  specificationOf,
  walletHandlers,
} from "../../api/index.ts";
import type {
  Handlers,
  JobNeeds,
  LedgerNeeds,
  PageMethods,
  Readings,
  StatusFeed,
} from "../../api/index.ts";
import { hexToBytes } from "../../contract/bytes.ts";
import type { PageTrust } from "../../contract/control-api/index.ts";
import { accept, Fault } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { JobRow } from "../../ledger/index.ts";
import { ConcentrationReader } from "../../node/index.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Log } from "../../ports/log.ts";
import type { DataFolder } from "../config/data-folder.ts";
import type { Config } from "../config/keys.ts";
import { checksFileIn } from "../engine-checks.ts";
import { chooseEngine, withoutGraphics } from "./choose-engine.ts";
import type { ChosenEngine } from "./choose-engine.ts";
import { datasetPath, importDigits } from "./data-sets.ts";
import { trainingDevice } from "./energy/machine-energy.ts";
import { openNetwork } from "./founding.ts";
import type { Founding } from "./founding.ts";
import { OwnUnitMeter } from "./reports/unit-energy-meter.ts";
import { openDataImports } from "./import-data.ts";
import { givenWorkerKey } from "./given-files.ts";
import { openMachine } from "./open-machine.ts";
import { openMeasured } from "./open-measured.ts";
import { jobWeights } from "./job-weights.ts";
import { ledgerFaces, receiptNeeds } from "./ledger-faces.ts";
import { metricReadings } from "./metric-readings.ts";
import { mineHandlers, openMining } from "./mining.ts";
import type { Mining } from "./mining.ts";
import { openLedger } from "./open-ledger.ts";
import { heldMining } from "./rules/held-mining.ts";
import { openSpending } from "./open-spending.ts";
import { configuredPayout, ownAccounts } from "./own-accounts.ts";
import { OwnDataSets } from "./own-data-sets.ts";
import { OwnStarts } from "./own-starts.ts";
import { OwnJobs } from "./own-jobs.ts";
import { openStepTime } from "./step-time.ts";
import { offeredListings } from "./sponsored-jobs.ts";
import { statusSource } from "./status-source.ts";
import type { StopStep } from "./stopping.ts";
import { listingSubmitter } from "./submit-listing.ts";
import { versionAnswer } from "./version-answer.ts";
import { watchGraphics } from "./watch-graphics.ts";

/** What a daemon is composed from. */
export interface DaemonParts {
  readonly folder: DataFolder;
  readonly config: Config;
  readonly log: Log;
  /** Told when a part failed so that the daemon cannot go on. */
  readonly onFault: (error: unknown) => void;
}

/** A composed daemon, ready to answer. */
export interface ComposedDaemon {
  readonly feed: StatusFeed;
  /** The handlers; `shutDown` is called by the call of that name. */
  readonly handlers: (shutDown: () => void) => Omit<Handlers, PageMethods>;
  /** The numbers for Prometheus at the moment of asking. */
  readonly metrics: () => Promise<Readings>;
  /** The newest commit, which a session of the page may begin from; null before the first. */
  readonly trust: () => PageTrust | null;
  readonly onCallFault: (method: string, error: unknown) => void;
  /** Takes on work, unless the settings say to wait. */
  readonly begin: () => void;
}

/** Rewards of this network have no value, and everything that shows one says so. */
const PRACTICE_NOTE = "practice, no value";

/** What this machine gives to whoever asks. */
const HOST = { hasher: nativeSha256, clock: systemClock, entropy: systemEntropy } as const;

/** The same with what is said of rewards. */
const GIVEN = { ...HOST, valueNote: PRACTICE_NOTE } as const;

/** Opens everything. Throws Fault with the code of the part that could not be opened. */
export async function composeDaemon(
  parts: DaemonParts,
  stops: StopStep[],
): Promise<ComposedDaemon> {
  const { folder, config, log, onFault } = parts;
  const startedMs = Date.now();
  const [ledger, machine] = await Promise.all([
    openLedger(folder, () => foundNetwork(folder, config), log, onFault, config.ledger),
    openMachine(log, stops),
  ]);
  const { inventory } = machine;
  stops.push(...ledger.stops);
  const { node, founding, search } = ledger;
  logFounding(founding, log);
  logInventory(inventory, log);
  const engine = await chosenEngine(parts, inventory);
  const blobs = openBlobFiles(folder.blobs, nativeSha256);
  await importDigits(blobs);
  const accounts = ownAccounts(config, node, founding);
  const ledgerNeeds = receiptNeeds(node, founding, folder);
  const concentration = new ConcentrationReader({ ...ledgerNeeds, clock: systemClock });
  const held = openHeldFiles(folder, blobs);
  const { dataSets, data } = held;
  const jobName = (job: JobRow) => jobNameOf({ node, data }, job);
  const known = { ...held, deviceName: engine.graphics?.name ?? cpuLine(inventory), jobName };
  const unitMeter = new OwnUnitMeter(systemClock);
  const trained = { blobs, engine, energy: unitMeter, ...known };
  const miner = openMining({ ...parts, ledgerNeeds, founding, ...trained });
  const mining = heldMining(miner, !config.mining.start);
  stops.push({ name: "miner", stop: () => mining.stop() });
  const result = (unit: string) => mining.results.get(unit);
  const ownJobs = openOwnJobs({ ledgerNeeds, founding, folder, engine, mining, ...held }, stops);
  const stored = { blobs, dataSets, data, jobName, result };
  const jobs = jobNeeds({ ledgerNeeds, founding, mining, ownJobs, ...stored });
  const described = { network: config.network, valueNote: PRACTICE_NOTE };
  const spending = openSpending({ ledgerNeeds, ownJobs, folder, log, ...described }, stops);
  const feed = statusSource({ node, mining, accounts, folder, ...described, startedMs });
  const graphics = watchGraphics(inventory, engine, stops);
  const all = { ...parts, engine, machine, mining, ledgerNeeds, founding, jobName, unitMeter };
  const measured = openMeasured(all, GIVEN, stops);
  const { rewardEnergy } = measured;
  const handlers = (shutDown: () => void): Omit<Handlers, PageMethods> => ({
    version: () => answered(versionAnswer(config.network)),
    status: async () => accept(await feed.current()),
    shutdown: () => {
      // Asked for after the answer has left, so that the caller hears it.
      setImmediate(shutDown);
      return answered({ stopping: true as const, pid: process.pid });
    },
    devices: () => answered(machine.devices(engine.cpu, graphics())),
    ...measured.handlers,
    ...mineHandlers(mining),
    ...jobHandlers(jobs),
    ...spendHandlers(spending),
    ...walletHandlers({ node, accounts, ...described, keysFolder: folder.keys, rewardEnergy }),
    ...ledgerFaces(ledgerNeeds, search, concentration),
  });
  return {
    feed,
    handlers,
    metrics: metricReadings({ node, accounts, concentration, ...measured.metrics }),
    trust: () => pageTrust(node),
    onCallFault: (method, error) => logCallFault(log, method, error),
    begin: () => {
      mining.begin();
      measured.begin();
    },
  };
}

/** What jobs are answered from. */
interface JobParts extends Pick<JobNeeds, "data" | "result"> {
  readonly ledgerNeeds: LedgerNeeds;
  readonly founding: Founding;
  readonly mining: Mining;
  readonly ownJobs: OwnJobs;
  readonly blobs: BlobStore;
  readonly dataSets: OwnDataSets;
  readonly jobName: (job: JobRow) => string;
}

function jobNeeds({ founding, mining, ownJobs, ...stored }: JobParts): JobNeeds {
  const { ledgerNeeds, data, result } = stored;
  const { node } = ledgerNeeds;
  return {
    node,
    listings: offeredListings(nativeSha256),
    submit: listingSubmitter({ node, founding, hasher: nativeSha256, entropy: systemEntropy }),
    quote: (asked) => ownJobs.quote(asked),
    order: (quote) => ownJobs.order(quote),
    data,
    weights: (job) => jobWeights(stored, job),
    progress: () => mining.status().unit,
    result,
  };
}

/** What the owner brought for jobs: data sets, and states that jobs begin with. */
function openHeldFiles(folder: DataFolder, blobs: BlobStore) {
  const dataSets = new OwnDataSets(folder.dataSets, blobs);
  const starts = new OwnStarts(folder.starts);
  return {
    dataSets,
    starts,
    data: (root: Uint8Array) => dataSets.about(root),
    datasetPath: (root: Uint8Array) => datasetPath(blobs, dataSets, root),
    startPath: (root: Uint8Array) => starts.path(root),
  };
}

function logCallFault(log: Log, method: string, error: unknown): void {
  const { code, facts } = rejectionOf(error);
  log.error("a call met a fault", { method, code, ...facts });
}

/** What jobs on the owner's data are made from. */
interface OwnJobParts {
  readonly ledgerNeeds: LedgerNeeds;
  readonly founding: Founding;
  readonly folder: DataFolder;
  readonly engine: ChosenEngine;
  readonly mining: Mining;
  readonly dataSets: OwnDataSets;
  readonly starts: OwnStarts;
}

function openOwnJobs(parts: OwnJobParts, stops: StopStep[]): OwnJobs {
  const { ledgerNeeds, founding, folder, engine, mining, dataSets, starts } = parts;
  const { node } = ledgerNeeds;
  const imports = openDataImports(folder.blobs);
  stops.push({ name: "data import", stop: () => imports.stop() });
  const stepTime = openStepTime({
    engine,
    units: () => mining.units(),
    modelOf: (id) => {
      const job = node.job(hexToBytes(id));
      return job === undefined ? null : specificationOf(job).model;
    },
  });
  return new OwnJobs({
    node,
    founding,
    hasher: nativeSha256,
    entropy: systemEntropy,
    imports,
    dataSets,
    starts,
    stepTime,
    valueNote: PRACTICE_NOTE,
    keys: folder.keys,
  });
}

function foundNetwork(folder: DataFolder, config: Config): Founding {
  const workerKeyFile = givenWorkerKey(config);
  return openNetwork(folder, { ...HOST, payout: configuredPayout(config), workerKeyFile });
}

function logFounding(founding: Founding, log: Log): void {
  if (founding.isNew) log.info("a practice network was founded");
  for (const file of founding.opened.made) log.info("a key was made", { file });
  for (const file of founding.opened.mended) log.warn("closed to other users", { file });
}

/** What computes; where it was chosen among several the log says why. */
async function chosenEngine(
  { config, folder, log }: DaemonParts,
  inventory: Inventory,
): Promise<ChosenEngine> {
  const checks = checksFileIn(folder.network);
  const best = needed(await chooseEngine(config.mining, inventory, checks));
  const device = trainingDevice({ inventory }, best);
  const isOff = config.limits.some((own) => own.device === device && !own.on);
  const chosen = isOff ? withoutGraphics(best, config.mining) : best;
  const { graphics, choice } = chosen;
  const trains = graphics?.name ?? "processor";
  if (choice !== undefined) log.info("a device was chosen to train", { trains, choice });
  return chosen;
}

function logInventory({ incomplete, closed }: Inventory, log: Log): void {
  for (const probe of incomplete) {
    log.warn("a part of the machine is unknown", { code: "MACHINE_INVENTORY", probe });
  }
  for (const { path, owner, next } of closed) {
    log.warn("a device may not be opened", { code: "MACHINE_NODE_CLOSED", path, owner, next });
  }
}

function answered<T>(value: T): Promise<{ readonly ok: true; readonly value: T }> {
  return Promise.resolve(accept(value));
}

function needed<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Fault(outcome.rejection.code, outcome.rejection.code, outcome.rejection.facts);
}

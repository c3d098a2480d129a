/**
 * `vivian energy certificate`: claims a cancelled certificate on the ledger, where each counts
 * once, and keeps it for the reports of its time.
 */

import { join } from "node:path";
import { InvalidArgumentError } from "commander";
import type { Command } from "commander";

import { nativeSha256 } from "../../adapters/native-crypto/sha256.ts";
import { bytesToHex } from "../../contract/bytes.ts";
import type { ReportInstrument } from "../../contract/energy-report.ts";
import { formatCount } from "../../contract/units.ts";
import { addressToText } from "../../crypto/index.ts";
import { instantText } from "../../energy/report/index.ts";
import { certificateDigest, certificateName, isCertificateName } from "../../ledger/index.ts";
import {
  CERTIFICATES_FOLDER,
  keepCertificate,
  keptCertificates,
} from "../daemon/reports/kept-certificates.ts";
import { readReportTime } from "./energy-report.ts";
import { CommandFailure } from "./failure.ts";
import { payingAccount } from "./paying-account.ts";
import { readWithin } from "./read-number.ts";
import { sendRecord } from "./send-record.ts";
import type { RecordOptions, RecordPlan } from "./send-record.ts";
import { answer, openSession, withDaemon } from "./session.ts";
import type { Session } from "./session.ts";
import { table } from "./table.ts";

const TYPES = ["GC", "GO", "REC", "I-REC"] as const;

interface ClaimOptions extends RecordOptions {
  readonly type: (typeof TYPES)[number];
  readonly registry: string;
  readonly id: string;
  readonly volume: number;
  readonly generatedFrom: number;
  readonly generatedUntil: number;
  readonly cancelled: number;
  readonly zone: string;
  readonly device: string;
  readonly technology?: string;
}

const HELP = `
Claim what its registry cancelled for this miner's account. The ledger takes each certificate once,
whoever claims it; the worker's account signs, since it also signs for what was used. A granular
certificate (GC, one hour or less) is matched in its own interval and zone; others are listed.

Example:
  vivian energy certificate claim --registry HKN --id DE-GC-0001 --volume 900 --zone DE \\
    --generated-from 2026-11-20T20:00Z --generated-until 2026-11-20T21:00Z \\
    --cancelled 2026-11-21T08:00Z --device "Windpark 7"`;

/** A gigawatt for a year. */
const VOLUME_WH_MAX = 8_760_000_000_000;

/** Adds the verbs under `energy`. */
export function addEnergyCertificate(energy: Command): void {
  const certificate = energy.command("certificate").description("certificates, claimed once each");
  certificate
    .command("claim")
    .requiredOption("--registry <name>", "registry that cancelled it", readName)
    .requiredOption("--id <id>", "its id in that registry", readName)
    .requiredOption("--volume <wh>", "whole Wh it stands for", readVolume)
    .requiredOption("--generated-from <time>", "2026-11-20T20:00Z", readReportTime)
    .requiredOption("--generated-until <time>", "likewise", readReportTime)
    .requiredOption("--cancelled <time>", "when it was cancelled", readReportTime)
    .requiredOption("--zone <zone>", "grid zone of the plant", readWord)
    .requiredOption("--device <name>", "plant that generated it", readWord)
    .option("--technology <name>", "wind, solar, …", readWord)
    .option("--type <type>", "GC, GO, REC or I-REC", readType, "GC")
    .option("--yes", "send without asking")
    .option("--json", "answer as JSON, amounts in units of 10^-18 VIV")
    .description("claim a cancelled certificate with the worker's account")
    .addHelpText("after", HELP)
    .action(async (options: ClaimOptions) => claim(openSession(options), options));
  certificate
    .command("list")
    .option("--json", "answer as JSON")
    .description("list the certificates that were claimed here")
    .action((options: { readonly json?: boolean }) => {
      const session = openSession(options);
      const certificates = keptCertificates(folderOf(session));
      answer(session, { certificates }, listLines(certificates));
    });
}

const readVolume = readWithin("volume", { least: 1, most: VOLUME_WH_MAX });

const folderOf = ({ folder }: Session): string =>
  join(folder.network, "energy", CERTIFICATES_FOLDER);

async function claim(session: Session, options: ClaimOptions): Promise<void> {
  const { registry, id, volume, generatedFrom, generatedUntil } = options;
  const certificate = certificateDigest(nativeSha256, registry, id);
  const asWorker = { ...options, signer: "worker" } as const;
  const beneficiary = addressToText(payingAccount(session, asWorker).address);
  const draft = {
    kind: "certificate-claim",
    certificate,
    volumeWh: BigInt(volume),
    genStart: BigInt(generatedFrom),
    genEnd: BigInt(generatedUntil),
  } as const;
  const time = `${instantText(generatedFrom)} to ${instantText(generatedUntil)}`;
  const plan: RecordPlan = {
    draft,
    lines: [
      ["certificate", `${id} of ${registry}`],
      ["stands for", `${formatCount(volume)} Wh, generated ${time}`],
      ["digest", bytesToHex(certificate)],
    ],
    depositWords: "kept with the claim for ever",
    question: "Claim it?",
  };
  await withDaemon(session, async (client) => {
    const sent = await sendRecord(session, client, asWorker, plan);
    if (sent.code !== "") throw new CommandFailure({ code: sent.code, facts: { slot: sent.slot } });
    const instrument = instrumentOf(options, beneficiary, sent.slot);
    const file = keepCertificate(folderOf(session), bytesToHex(certificate), instrument);
    answer(session, { ...instrument, slot: sent.slot, file }, [
      `Claimed ${id} in slot ${formatCount(sent.slot)}; reports of its time list it.`,
    ]);
  });
}

function instrumentOf(options: ClaimOptions, beneficiary: string, slot: number): ReportInstrument {
  const { technology } = options;
  return {
    type: options.type,
    registry: options.registry,
    ids: [options.id],
    volume_wh: options.volume,
    gen_start: instantText(options.generatedFrom),
    gen_end: instantText(options.generatedUntil),
    ...(technology === undefined ? {} : { technology }),
    production_device: options.device,
    zone: options.zone,
    cancelled_at: instantText(options.cancelled),
    beneficiary,
    claim_slots: [slot],
  };
}

function listLines(certificates: readonly ReportInstrument[]): string[] {
  if (certificates.length === 0) return ["No certificate was claimed here."];
  const rows = certificates.map((one) => [
    one.type,
    `${one.registry} ${one.ids.join(", ")}`,
    `${formatCount(one.volume_wh)} Wh`,
    one.gen_start.slice(0, 16),
    one.gen_end.slice(0, 16),
    one.zone,
    (one.claim_slots ?? []).map((slot) => `slot ${formatCount(slot)}`).join(", "),
  ]);
  return table(
    ["type", "certificate", "energy", "from (UTC)", "until", "zone", "claimed in"],
    rows,
  );
}

/** The one spelling that the ledger takes it under, so that reports and lists show that as well. */
function readName(text: string): string {
  if (isCertificateName(text)) return certificateName(text);
  throw new InvalidArgumentError("A name has 1 to 128 bytes.");
}

function readWord(text: string): string {
  if (isCertificateName(text)) return text;
  throw new InvalidArgumentError("A name has 1 to 128 bytes.");
}

function readType(text: string): (typeof TYPES)[number] {
  const type = TYPES.find((one) => one === text);
  if (type !== undefined) return type;
  throw new InvalidArgumentError("A type is GC, GO, REC or I-REC.");
}

/**
 * `vivian energy meters`: every meter, found here or set, with what it says or why it says nothing.
 */

import type { Command } from "commander";

import { systemClock } from "../../adapters/host/index.ts";
import type { MeterNeeds } from "../../adapters/meters/index.ts";
import type { MeterState } from "../../contract/control-api/index.ts";
import { factsText } from "../../contract/explain.ts";
import { formatPercent } from "../../contract/units.ts";
import { CommandFailure, need } from "./failure.ts";
import { lookAtMachine, lookAtMeter } from "./meter-look.ts";
import type { MeterLook } from "./meter-look.ts";
import { answer, openSession, tryConnect } from "./session.ts";
import type { Session } from "./session.ts";
import { parseTryWords } from "./try-words.ts";

const HELP = `
Meters of this machine are found: the processor's counters, sensors of graphics cards, NVIDIA's
counters. Meters on the network stand in the settings, one [[meters]] table each; nothing is looked
for on the network. --try reads one before it is put there: its kind, its address, its keys.

Examples:
  vivian energy meters
  vivian energy meters --try "shelly http://192.168.1.20 password_file=plug.password"
  vivian energy meters --try "tasmota http://192.168.1.21"
  vivian energy meters --try "sunspec 192.168.1.30 unit=1 role=generation"
  vivian energy meters --try "sunspec 192.168.1.30 role=storage direction=from"
  vivian energy meters --try "home-assistant http://ha.local:8123 entity=sensor.desk token_file=t"`;

/** Adds the verb under `energy`. */
export function addEnergyMeters(energy: Command): void {
  energy
    .command("meters")
    .description("list the meters and what each says, or why it says nothing and what mends it")
    .option("--try <meter>", "read one meter that is not in the settings yet")
    .option("--json", "answer as JSON")
    .addHelpText("after", HELP)
    .action(async (options: { json?: boolean; try?: string }) => {
      const session = openSession(options);
      const needs: MeterNeeds = { clock: systemClock };
      if (options.try !== undefined) {
        const tried = await lookAtMeter(need(parseTryWords(options.try)), "tried", needs);
        const lines = tried.error === null ? meterLines(tried) : [];
        answer(session, { meters: [tried] }, lines);
        if (tried.error === null) return;
        const { code, facts } = tried.error;
        throw new CommandFailure({ code, facts }, { answered: session.json });
      }
      const set = session.config.meters.map((one) => lookAtMeter(one, "settings", needs));
      const meters = [...(await lookAtMachine(needs)), ...(await Promise.all(set))];
      const beside = await daemonsMeters(session, meters);
      const lines = [...meters.flatMap(meterLines), ...beside.flatMap(besideLines)];
      answer(session, { meters, beside }, lines.length === 0 ? NONE : lines);
    });
}

/** Meters that a running daemon has from other settings than this folder's (`up --config`). */
async function daemonsMeters(
  session: Session,
  known: readonly MeterLook[],
): Promise<readonly MeterState[]> {
  const client = await tryConnect(session);
  if (client === null) return [];
  try {
    const now = await client.call("energy.now", {});
    if (!now.ok) return [];
    return now.value.meters.filter(
      (one) => one.configured && !known.some(({ id }) => id === one.id),
    );
  } finally {
    client.close();
  }
}

/** What people read of one that the daemon has from elsewhere. */
export function besideLines({
  id,
  kind,
  makeModel,
  tier,
  role,
  boundary,
  ...one
}: MeterState): string[] {
  const what = `${ROLE_WORDS[role] ?? role} (${boundary}), in the daemon's own settings`;
  const said = one.watts === null ? one.state : `${one.watts.toFixed(1)} W`;
  return [
    `${id}  ${makeModel ?? kind}, tier ${tier}: ${what}`,
    `     ${one.code === null ? said : `no reading [${one.code}]`}`,
  ];
}

const NONE = [
  "No meter is found on this machine, and none is in the settings.",
  "A smart plug is the simplest: vivian help energy meters shows how one is tried and set.",
];

const ROLE_WORDS: Readonly<Record<string, string>> = {
  load: "what is used",
  generation: "what is generated",
  storage: "what goes through the store",
  grid: "what goes through the grid's meter",
  "grid from": "what is bought from the grid",
  "grid to": "what is sold to the grid",
  "storage from": "what the store gives",
  "storage to": "what the store takes",
};

/** What people read of one meter. */
export function meterLines(look: MeterLook): string[] {
  const { id, found, kind, role, direction, boundary, tier, makeModel, error } = look;
  const roleName = direction === null ? role : `${role} ${direction}`;
  const where = found === "settings" ? "in the settings" : found === "tried" ? "tried" : "found";
  const what = `${ROLE_WORDS[roleName] ?? roleName} (${boundary}), ${where}`;
  const said = [`${id}  ${makeModel ?? kind}${tier === null ? "" : `, tier ${tier}`}: ${what}`];
  if (error === null) return [...said, `     ${figures(look)}`];
  const facts = factsText(error.facts);
  said.push(`     no reading: ${error.what}${facts === "" ? "" : ` (${facts})`}`);
  return [...said, `     ${error.next} [${error.code}]`];
}

const MILLIJOULES_PER_KILOWATT_HOUR = 3_600_000_000;

function figures({ watts, millijoules, signed, storeShare }: MeterLook): string {
  const parts = [
    ...(watts === null ? [] : [`${watts.toFixed(1)} W`]),
    ...(millijoules === null
      ? []
      : [`register ${(millijoules / MILLIJOULES_PER_KILOWATT_HOUR).toFixed(4)} kWh`]),
    ...(storeShare === null ? [] : [`${formatPercent(storeShare)} full`]),
    ...(signed ? ["signed by the meter, signature checked"] : []),
  ];
  return parts.join(", ");
}

/** `vivian energy`: what counts the energy here, and what was counted. One verb per file. */

import type { Command } from "commander";

import { addEnergyCertificate } from "./energy-certificate.ts";
import { addEnergyCounted } from "./energy-counted.ts";
import { addEnergyMeters } from "./energy-meters.ts";
import { addEnergyReport } from "./energy-report.ts";
import { addEnergyVerify } from "./energy-verify.ts";

/** Adds the group of verbs. */
export function addEnergy(program: Command): void {
  const energy = program.command("energy").description("meters, and the energy that they counted");
  addEnergyCounted(energy);
  addEnergyMeters(energy);
  addEnergyReport(energy);
  addEnergyVerify(energy);
  addEnergyCertificate(energy);
}

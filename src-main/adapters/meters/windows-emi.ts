/**
 * Decides how the processor's packages are read on Windows 11: its Energy Meter Interface, without
 * administrator and without a driver of ours. Virtual machines have none, Windows 10 mostly none.
 */

import { Fault } from "../../contract/outcome.ts";
import type { Meter } from "../../ports/meter.ts";
import { harmlessName } from "./answer-fields.ts";
import type { DescribedSource, DescriptionFields } from "./description-fields.ts";
import { EMI_CODES, openEmiDevices } from "./emi-calls.ts";
import type { EmiDevice } from "./emi-calls.ts";
import { EMI_MEASUREMENT_BYTES, packageMillijoules, parseEmiMetadata } from "./emi-layout.ts";
import type { EmiMetadata } from "./emi-layout.ts";
import type { MeterNeeds } from "./meter-needs.ts";
import { registerMillijoules } from "./millijoules.ts";
import { sourceIdentity } from "./source-identity.ts";

/** The processor's counters on Windows. */
export interface WindowsEmiDescription extends DescribedSource {
  readonly kind: "windows-emi";
}

const UNCERTAINTY_PERCENT = 10;
const READ_EVERY_MS = 5_000;
const METADATA_BYTES_MAX = 65_536;

/** Reads the keys; there are none of its own. */
export function checkWindowsEmi(fields: DescriptionFields): WindowsEmiDescription {
  const uncertaintyPercent = UNCERTAINTY_PERCENT;
  const source = fields.source({ role: "load", boundary: "accelerators", uncertaintyPercent });
  return { kind: "windows-emi", ...source };
}

/** Opens it. Throws Fault METERS_ABSENT where Windows has no meter of a package. */
export function openWindowsEmi(description: WindowsEmiDescription, needs: MeterNeeds): Meter {
  const devices = openAll(needs.emiDevices ?? (() => openEmiDevices()));
  const metered = devices.flatMap((device) => {
    const metadata = readMetadata(device);
    if (metadata !== null && readPackages(device, metadata) !== null) return [{ device, metadata }];
    device.close();
    return [];
  });
  if (metered.length === 0) {
    throw new Fault("METERS_ABSENT", "Windows offers no meter of the processor here", {});
  }
  const { maker, model } = metered[0].metadata;
  return {
    identity: sourceIdentity(description, {
      kind: "windows-emi",
      tier: "C",
      makeModel: harmlessName(`${maker} ${model}`),
    }),
    readEveryMs: READ_EVERY_MS,
    read: () =>
      new Promise((resolve) => {
        const atMs = needs.clock.nowMs();
        const sum = metered.reduce((total, { device, metadata }) => {
          return total + (readPackages(device, metadata) ?? 0);
        }, 0);
        const register = {
          millijoules: registerMillijoules(sum),
          wrapsAtMillijoules: null,
          epoch: null,
        };
        resolve({ atMs, register, watts: null, signature: null });
      }),
    close() {
      for (const { device } of metered) device.close();
      return Promise.resolve();
    },
  };
}

function openAll(open: () => readonly EmiDevice[]): readonly EmiDevice[] {
  try {
    return open();
  } catch (error) {
    throw new Fault("METERS_ABSENT", "this system has no energy meters of Windows", {}, error);
  }
}

function readMetadata(device: EmiDevice): EmiMetadata | null {
  try {
    const version = viewOf(device.ask(EMI_CODES.version, 2)).getUint16(0, true);
    const size = viewOf(device.ask(EMI_CODES.metadataSize, 4)).getUint32(0, true);
    if (size > METADATA_BYTES_MAX) return null;
    return parseEmiMetadata(version, device.ask(EMI_CODES.metadata, size));
  } catch {
    // One meter that answers nonsense does not hide the next.
    return null;
  }
}

function readPackages(device: EmiDevice, metadata: EmiMetadata): number | null {
  const bytes = metadata.channels.length * EMI_MEASUREMENT_BYTES;
  let said: Uint8Array;
  try {
    said = device.ask(EMI_CODES.measurement, bytes);
  } catch (error) {
    throw new Fault("METERS_COUNTER", "Windows' energy meter is gone", {}, error);
  }
  return packageMillijoules(metadata, said);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

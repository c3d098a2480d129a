/** Decides how a description becomes the identity that readings are known by. */

import type { MeterIdentity } from "../../ports/meter.ts";
import type { DescribedSource } from "./description-fields.ts";

/** What the kind adds to what the owner described. */
export type KindIdentity = Pick<MeterIdentity, "kind" | "tier"> &
  Partial<Pick<MeterIdentity, "makeModel" | "serial" | "meterSigned">>;

/** Joins both. */
export function sourceIdentity(described: DescribedSource, kind: KindIdentity): MeterIdentity {
  const { id, role, direction, boundary, device, uncertaintyPercent, calibration } = described;
  const { nameplateWatts, technology, capacityWattHours } = described;
  return {
    id,
    role,
    ...(direction === undefined ? {} : { direction }),
    boundary,
    device,
    calibration,
    uncertaintyPercent,
    makeModel: null,
    serial: null,
    meterSigned: false,
    ...(nameplateWatts === undefined ? {} : { nameplateWatts }),
    ...(technology === undefined ? {} : { technology }),
    ...(capacityWattHours === undefined ? {} : { capacityWattHours }),
    ...kind,
  };
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  joinFigures,
  readTelemetryRow,
  TELEMETRY_ROW_BYTES,
  telemetryRowNumber,
  writeTelemetryRow,
} from "../../../../src-main/adapters/disk/telemetry-rows.ts";
import { TELEMETRY_FIELDS } from "../../../../src-main/ports/telemetry-store.ts";

const number = fc.float({ noNaN: true, noDefaultInfinity: true });
const figure = fc.record({
  samples: fc.integer({ min: 1, max: 900 }),
  mean: number,
  least: number,
  greatest: number,
});
const figures = fc.array(fc.option(figure), {
  minLength: TELEMETRY_FIELDS.length,
  maxLength: TELEMETRY_FIELDS.length,
});

describe("writeTelemetryRow", () => {
  it("is read back as it was written, gaps as gaps", () => {
    const row = fc.integer({ min: 1, max: 0xffff_ffff });
    fc.assert(
      fc.property(row, figures, (rowNumber, all) => {
        const bytes = writeTelemetryRow({ row: rowNumber, figures: all });
        expect(bytes).toHaveLength(TELEMETRY_ROW_BYTES);
        expect(readTelemetryRow(bytes)).toEqual({ row: rowNumber, figures: all });
      }),
      { numRuns: 100 },
    );
  });

  it("reads nothing of bytes of another length", () => {
    expect(telemetryRowNumber(new Uint8Array(TELEMETRY_ROW_BYTES - 1))).toBeNull();
    expect(readTelemetryRow(new Uint8Array())).toBeNull();
  });
});

describe("joinFigures", () => {
  it("weighs means by their samples, and a gap adds nothing", () => {
    const one = { samples: 1, mean: 10, least: 10, greatest: 10 };
    const three = { samples: 3, mean: 30, least: 20, greatest: 40 };
    expect(joinFigures(one, three)).toEqual({ samples: 4, mean: 25, least: 10, greatest: 40 });
    expect(joinFigures(one, null)).toEqual(one);
    expect(joinFigures(null, null)).toBeNull();
  });
});

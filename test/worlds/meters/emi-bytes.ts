/**
 * Bytes of Windows' Energy Meter Interface, constructed from the structures of emi.h (not recorded
 * on a Windows machine), and a device that answers them.
 */

import { EMI_CODES } from "../../../src-main/adapters/meters/emi-calls.ts";
import type { EmiDevice } from "../../../src-main/adapters/meters/emi-calls.ts";

const wide = (text: string, bytes: number): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.write(text, "utf16le");
  return buffer;
};

const u16 = (value: number): Buffer => {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16LE(value);
  return buffer;
};

const u32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
};

/** EMI_METADATA_V2 with its channels behind each other. */
export function metadataV2(channels: readonly string[], unit = 0): Buffer {
  const parts = channels.map((name) => {
    const size = (name.length + 1) * 2;
    return Buffer.concat([u32(unit), u16(size), wide(name, size)]);
  });
  const head = [wide("GenuineIntel", 32), wide("RAPL", 32), u16(1), u16(channels.length)];
  return Buffer.concat([...head, ...parts]);
}

/** EMI_METADATA_V1, which has one channel. */
export function metadataV1(name: string): Buffer {
  const size = (name.length + 1) * 2;
  const head = [u32(0), wide("Contoso", 32), wide("Board", 32), u16(1), u16(size)];
  return Buffer.concat([...head, wide(name, size)]);
}

/** EMI_CHANNEL_MEASUREMENT_DATA of each channel, in picowatt hours. */
export function measurement(picowattHours: readonly bigint[]): Buffer {
  const buffer = Buffer.alloc(picowattHours.length * 16);
  for (const [index, value] of picowattHours.entries()) {
    buffer.writeBigUInt64LE(value, index * 16);
    buffer.writeBigUInt64LE(123n, index * 16 + 8);
  }
  return buffer;
}

/** A device with these channels, and what they say now. */
export function emiDevice(
  channels: readonly string[],
  picowattHours: () => readonly bigint[],
): EmiDevice & { closed: boolean } {
  const metadata = metadataV2(channels);
  const device = {
    closed: false,
    ask(code: number, bytes: number): Uint8Array {
      const answers = new Map<number, () => Buffer>([
        [EMI_CODES.version, () => u16(2)],
        [EMI_CODES.metadataSize, () => u32(metadata.length)],
        [EMI_CODES.metadata, () => metadata],
        [EMI_CODES.measurement, () => measurement(picowattHours())],
      ]);
      const answer = answers.get(code);
      if (answer === undefined) throw new Error("ERROR_INVALID_FUNCTION");
      return answer().subarray(0, bytes);
    },
    close() {
      device.closed = true;
    },
  };
  return device;
}

/**
 * A device that speaks Modbus TCP and holds a SunSpec map, on loopback. Its frames are written here
 * and not taken from a package, so that it can also send wrong ones.
 */

import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

import type { SunspecModel } from "./sunspec-models.ts";

/** How it fails; null: it does not. */
export type ModbusFault =
  | null
  /** Accepts and never answers, as a connection that is half open. */
  | "silent"
  /** Bytes that are no frame. */
  | "garbage"
  /** The first half of a frame, and nothing more. */
  | "truncated"
  /** The answer to another transaction. */
  | "other-transaction"
  /** Fewer registers than were asked for. */
  | "short"
  /** A frame that claims 65,535 bytes. */
  | "long"
  /** Closes after each request. */
  | "hang-up"
  /** Exception 6, server busy. */
  | "busy"
  /** An exception that Modbus does not have. */
  | "odd-exception";

/** What device it is. */
export interface SunspecOptions {
  readonly models: readonly SunspecModel[];
  /** Where the map begins. */
  readonly base?: number;
  readonly unit?: number;
  /** False: no "SunS" there. */
  readonly marked?: boolean;
  /** False: the list of models has no end. */
  readonly ended?: boolean;
  /** Connections it bears; many inverters bear one. */
  readonly connectionsMax?: number;
}

/** A device that runs. */
export interface SunspecDevice {
  readonly host: string;
  readonly port: number;
  fault: ModbusFault;
  /** Milliseconds that it takes to answer. */
  delayMs: number;
  /** Requests answered so far. */
  requests: number;
  connections(): number;
  /** Closes every connection, as a restart does. */
  hangUp(): void;
  close(): Promise<void>;
}

const READ_HOLDING = 3;
const ILLEGAL_FUNCTION = 1;
const ILLEGAL_ADDRESS = 2;
const SERVER_BUSY = 6;
const ODD_EXCEPTION = 200;
const UNIT_DOES_NOT_ANSWER = 11;
const REGISTERS_MAX = 125;

/** Starts it on a free port of loopback. */
export async function startSunspecDevice(options: SunspecOptions): Promise<SunspecDevice> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    if (sockets.size >= (options.connectionsMax ?? 8)) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket, device, options);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const device: SunspecDevice = {
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    fault: null,
    delayMs: 0,
    requests: 0,
    connections: () => sockets.size,
    hangUp,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        hangUp();
      }),
  };
  return device;
}

function serve(socket: Socket, device: SunspecDevice, options: SunspecOptions): void {
  let waiting: Buffer = Buffer.alloc(0);
  socket.on("data", (bytes: Buffer) => {
    waiting = Buffer.concat([waiting, bytes]);
    while (waiting.length >= 12) {
      const request = waiting.subarray(0, 12);
      waiting = waiting.subarray(12);
      setTimeout(() => {
        if (!socket.destroyed) answer(socket, device, options, request);
      }, device.delayMs).unref();
    }
  });
}

function answer(
  socket: Socket,
  device: SunspecDevice,
  options: SunspecOptions,
  request: Buffer,
): void {
  const { fault } = device;
  device.requests += 1;
  if (fault === "silent") return;
  if (fault === "hang-up") {
    socket.destroy();
    return;
  }
  if (fault === "garbage") {
    socket.write(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"));
    return;
  }
  const code = fault === "busy" ? SERVER_BUSY : fault === "odd-exception" ? ODD_EXCEPTION : null;
  const body = code === null ? reading(options, request, fault) : exception(request, code);
  const head = Buffer.alloc(7);
  const transaction = request.readUInt16BE(0);
  head.writeUInt16BE(fault === "other-transaction" ? (transaction + 7) & 0xffff : transaction, 0);
  head.writeUInt16BE(fault === "long" ? 0xffff : body.length + 1, 4);
  head.writeUInt8(request.readUInt8(6), 6);
  const frame = Buffer.concat([head, body]);
  socket.write(fault === "truncated" ? frame.subarray(0, Math.floor(frame.length / 2)) : frame);
}

function exception(request: Buffer, code: number): Buffer {
  return Buffer.from([request.readUInt8(7) | 0x80, code]);
}

function reading(options: SunspecOptions, request: Buffer, fault: ModbusFault): Buffer {
  const { unit = 1, base = 40_000 } = options;
  if (request.readUInt8(6) !== unit) return exception(request, UNIT_DOES_NOT_ANSWER);
  if (request.readUInt8(7) !== READ_HOLDING) return exception(request, ILLEGAL_FUNCTION);
  const start = request.readUInt16BE(8);
  const count = request.readUInt16BE(10);
  const map = registerMap(options);
  const isInside = start >= base && start + count <= base + map.length;
  if (!isInside || count < 1 || count > REGISTERS_MAX) return exception(request, ILLEGAL_ADDRESS);
  const given = fault === "short" ? count - 1 : count;
  const body = Buffer.alloc(2 + given * 2);
  body.writeUInt8(READ_HOLDING, 0);
  body.writeUInt8(given * 2, 1);
  for (let index = 0; index < given; index += 1) {
    body.writeUInt16BE(map[start - base + index], 2 + index * 2);
  }
  return body;
}

function registerMap({ models, marked = true, ended = true }: SunspecOptions): number[] {
  const map = marked ? [0x5375, 0x6e53] : [0x4e6f, 0x6e65];
  for (const model of models) {
    const registers = model.registers();
    map.push(model.id, model.length ?? registers.length, ...registers);
  }
  // Devices answer some registers beyond the end.
  map.push(...(ended ? [0xffff, 0] : [9, 0]), ...new Array<number>(200).fill(ended ? 0xffff : 0));
  return map;
}

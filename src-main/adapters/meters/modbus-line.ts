/**
 * Decides how registers are read over Modbus TCP. Many inverters bear one connection, so all meters
 * of this process at one address share a line, which asks one thing at a time and ends after the
 * last of them. What arrives is checked before the Modbus package sees it: that one gathers without
 * a limit, and takes an answer for good that has fewer registers than were asked for.
 */

import { EventEmitter } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";

import type { ModbusTCPClient } from "jsmodbus";

import { Fault } from "../../contract/outcome.ts";
import { connectionFault } from "./http-request.ts";
import { MODBUS_LENGTH_MAX, REQUEST_MS } from "./limits.ts";
import type { MeterNeeds } from "./meter-needs.ts";

/** A line to one unit of a device. */
export interface ModbusLine {
  /**
   * Holding registers from `start`, exactly `count` of them (at most MODBUS_REGISTERS_MAX).
   * Throws Fault METERS_UNREACHABLE, METERS_LOCAL_NETWORK, METERS_TIMEOUT, METERS_ANSWER or, where
   * the device refuses, METERS_EXCEPTION with the exception's number.
   */
  read(start: number, count: number): Promise<readonly number[]>;
  /** Closes the connection; the next reading opens another. */
  drop(): void;
  /** Lets go of the line. */
  release(): void;
}

/** What the Modbus package needs of a socket. */
class CheckedStream extends EventEmitter {
  readonly #socket: Socket;
  #waiting: Buffer = Buffer.alloc(0);
  #bad: string | null = null;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on("connect", () => this.emit("connect"));
    socket.on("close", () => this.emit("close"));
    socket.on("data", (bytes: Buffer) => this.#take(bytes));
  }

  /** Why the last bytes were no answer; null while all are. */
  get bad(): string | null {
    return this.#bad;
  }

  write(bytes: Buffer, done: (error?: Error | null) => void): boolean {
    return this.#socket.write(bytes, done);
  }

  /** Passes whole frames on; anything else ends the connection. */
  #take(bytes: Buffer): void {
    this.#waiting = Buffer.concat([this.#waiting, bytes]);
    while (this.#bad === null && this.#waiting.length >= 6) {
      const length = this.#waiting.readUInt16BE(4);
      const isFrame = this.#waiting.readUInt16BE(2) === 0 && length >= 3;
      if (!isFrame || length > MODBUS_LENGTH_MAX) {
        this.#end("bytes that are no Modbus frame");
        return;
      }
      if (this.#waiting.length < 6 + length) return;
      const frame = this.#waiting.subarray(0, 6 + length);
      this.#waiting = this.#waiting.subarray(6 + length);
      this.#pass(frame);
    }
  }

  /** The package throws at exceptions that it has no name for; nobody would catch that above. */
  #pass(frame: Buffer): void {
    try {
      this.emit("data", frame);
    } catch {
      this.#end("an exception that Modbus does not have");
    }
  }

  #end(why: string): void {
    this.#bad = why;
    this.#socket.destroy();
  }
}

/** A connection that stands. */
interface Connection {
  readonly socket: Socket;
  readonly stream: CheckedStream;
  readonly clients: Map<number, ModbusTCPClient>;
  /** False once something was answered on it. */
  isFresh: boolean;
}

/** All that this process has open at one address. */
interface SharedConnection {
  users: number;
  connection: Connection | null;
  /** Ends when the last request did. */
  turn: Promise<unknown>;
}

const shared = new Map<string, SharedConnection>();

/** Where a device is. */
export interface ModbusAddress {
  readonly host: string;
  readonly port: number;
  readonly unit: number;
}

/** Opens a line; nothing is sent before the first reading. */
export function openModbusLine(address: ModbusAddress, needs: MeterNeeds): ModbusLine {
  const key = `${address.host}:${address.port}`;
  const line = shared.get(key) ?? { users: 0, connection: null, turn: Promise.resolve() };
  line.users += 1;
  shared.set(key, line);
  let released = false;
  const drop = (): void => {
    line.connection?.socket.destroy();
    line.connection = null;
  };
  return {
    read(start, count) {
      const mine = line.turn.then(() => readOnce(line, address, { start, count }, needs));
      line.turn = mine.catch(() => undefined);
      return mine;
    },
    drop,
    release() {
      if (released) return;
      released = true;
      line.users -= 1;
      if (line.users > 0) return;
      shared.delete(key);
      drop();
    },
  };
}

/** Which registers are asked for. */
interface RegisterRange {
  readonly start: number;
  readonly count: number;
}

/**
 * A device may have closed a quiet connection without our knowing; that shows only when it is used,
 * and a fresh one is tried then, once.
 */
async function readOnce(
  line: SharedConnection,
  address: ModbusAddress,
  range: RegisterRange,
  needs: MeterNeeds,
): Promise<readonly number[]> {
  const wasFresh = line.connection === null || line.connection.isFresh;
  try {
    return await readOn(line, address, range, needs);
  } catch (error) {
    const isGone = error instanceof Fault && error.code === "METERS_UNREACHABLE";
    if (wasFresh || !isGone) throw error;
    return readOn(line, address, range, needs);
  }
}

async function readOn(
  line: SharedConnection,
  address: ModbusAddress,
  { start, count }: RegisterRange,
  needs: MeterNeeds,
): Promise<readonly number[]> {
  const requestMs = needs.requestMs ?? REQUEST_MS;
  // A hundred files, which only who has such a device should load.
  const Tcp = (await import("jsmodbus")).default.client.TCP;
  line.connection ??= await openConnection(address, needs, requestMs);
  const { connection } = line;
  const { stream, clients, socket } = connection;
  const client =
    clients.get(address.unit) ?? new Tcp(stream as unknown as Socket, address.unit, requestMs);
  if (!clients.has(address.unit)) {
    clients.set(address.unit, client);
    // The package learns from this event that it may ask; the socket's own has passed.
    stream.emit("connect");
  }
  try {
    const { response } = await client.readHoldingRegisters(start, count);
    const values = [...response.body.valuesAsArray];
    if (values.length !== count) throw new Error("another number of registers came back");
    connection.isFresh = false;
    return values;
  } catch (error) {
    const fault = modbusFault(error, address, stream, needs);
    // After anything but a clear no, whatever still arrives would be taken for the next answer.
    if (fault.code !== "METERS_EXCEPTION") {
      socket.destroy();
      if (line.connection === connection) line.connection = null;
    }
    throw fault;
  }
}

function openConnection(
  { host, port }: ModbusAddress,
  needs: MeterNeeds,
  requestMs: number,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    const stream = new CheckedStream(socket);
    const platform = needs.platform ?? process.platform;
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error("no connection in time"), { code: "ETIMEDOUT" }));
    }, requestMs);
    const refuse = (error: Error): void => reject(connectionFault(error, host, platform));
    socket.once("error", refuse);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", refuse);
      // Its "close" follows, and that fails the request in hand.
      socket.on("error", () => undefined);
      resolve({ socket, stream, clients: new Map(), isFresh: true });
    });
    socket.once("close", () => clearTimeout(timer));
  });
}

/** What the package rejects with. */
interface RequestError {
  readonly err?: unknown;
  readonly response?: { readonly body?: { readonly code?: unknown } };
}

function modbusFault(
  error: unknown,
  { host }: ModbusAddress,
  stream: CheckedStream,
  needs: MeterNeeds,
): Fault {
  if (stream.bad !== null) {
    return new Fault("METERS_ANSWER", `the device sent ${stream.bad}`, { host }, error);
  }
  const { err, response } = error as RequestError;
  if (err === "ModbusException") {
    const code = Number(response?.body?.code ?? 0);
    return new Fault("METERS_EXCEPTION", "the device refused a request", { host, exception: code });
  }
  if (err === "Timeout") {
    return new Fault("METERS_TIMEOUT", "the device did not answer in time", { host });
  }
  if (err === "Offline") {
    const closed = Object.assign(new Error("closed"), { code: "closed" });
    return connectionFault(closed, host, needs.platform ?? process.platform);
  }
  return new Fault("METERS_ANSWER", "the device gave another answer", { host }, error);
}

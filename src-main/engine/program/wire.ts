/**
 * Decides the canonical bytes of a program (ARCHITECTURE.md section 12, "Program bytes"). The
 * native backend parses the same bytes; `hash.ts` takes its leaves from here.
 */
import {
  constrained,
  decode,
  encode,
  i32,
  list,
  struct,
  text,
  u32,
  u8,
} from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { accept, invariant, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import {
  NAME_BYTES_MAX,
  OPS_MAX,
  OP_ATTRIBUTES_MAX,
  OP_INPUTS_MAX,
  OP_NAME_BYTES_MAX,
  OUTPUTS_MAX,
  PROGRAM_BYTES_MAX,
  RANK_MAX,
  STATES_MAX,
} from "../limits.ts";
import type { Initialiser, OpRecord, Program, StateTensor, ValueRef } from "./program.ts";

/** Version of the format; another one is another format. */
const VERSION = 1;

/** Bit 31 of a reference: the value is a state tensor. */
const STATE_FLAG = 0x8000_0000;

const shapeCodec = list(u32, RANK_MAX);

const stateCodec = struct({
  name: text(NAME_BYTES_MAX),
  shape: shapeCodec,
  initialiser: constrained(u8, (kind) => kind <= 2, "an initialiser is 0, 1 or 2"),
  bits: u32,
});

const opCodec = struct({
  op: text(OP_NAME_BYTES_MAX),
  inputs: list(u32, OP_INPUTS_MAX),
  attributes: list(i32, OP_ATTRIBUTES_MAX),
  shape: shapeCodec,
});

// One value has one encoding: zeros have no bits to vary.
const oneFormState = constrained(
  stateCodec,
  (state) => state.initialiser !== 0 || state.bits === 0,
  "the bits of zeros are 0",
);
const statesCodec = list(oneFormState, STATES_MAX);
const updatesCodec = list(struct({ state: u32, value: u32 }), STATES_MAX);
const outputsCodec = list(struct({ name: text(NAME_BYTES_MAX), value: u32 }), OUTPUTS_MAX);

const programCodec = struct({
  version: constrained(u32, (version) => version === VERSION, "the program version is 1"),
  states: statesCodec,
  ops: list(opCodec, OPS_MAX),
  updates: updatesCodec,
  outputs: outputsCodec,
});

type WireProgram = ValueOf<typeof programCodec>;

function refToWire(ref: ValueRef): number {
  invariant(ref.index >= 0 && ref.index < STATE_FLAG, "a reference has 31 bits");
  return ref.from === "state" ? ref.index + STATE_FLAG : ref.index;
}

function refFromWire(wire: number): ValueRef {
  return wire >= STATE_FLAG
    ? { from: "state", index: wire - STATE_FLAG }
    : { from: "op", index: wire };
}

function stateToWire({ name, shape, initialiser }: StateTensor): ValueOf<typeof stateCodec> {
  switch (initialiser.kind) {
    case "zeros":
      return { name, shape, initialiser: 0, bits: 0 };
    case "constant":
      return { name, shape, initialiser: 1, bits: initialiser.bits >>> 0 };
    case "uniform":
      return { name, shape, initialiser: 2, bits: initialiser.boundBits >>> 0 };
  }
}

function initialiserFromWire(kind: number, bits: number): Initialiser {
  if (kind === 0) return { kind: "zeros" };
  return kind === 1 ? { kind: "constant", bits } : { kind: "uniform", boundBits: bits };
}

function opToWire({ op, inputs, attributes, shape }: OpRecord): ValueOf<typeof opCodec> {
  return { op, inputs: inputs.map(refToWire), attributes, shape };
}

function toWire(program: Program): WireProgram {
  return {
    version: VERSION,
    states: program.states.map(stateToWire),
    ops: program.ops.map(opToWire),
    updates: program.updates.map(({ state, value }) => ({ state, value: refToWire(value) })),
    outputs: program.outputs.map(({ name, value }) => ({ name, value: refToWire(value) })),
  };
}

/** The canonical bytes of a program. */
export function encodeProgram(program: Program): Uint8Array {
  return encode(programCodec, toWire(program));
}

/**
 * Reads a program's form; whether it makes sense is for `checkProgram`. Never throws.
 * @rejects ENGINE_LIMIT above PROGRAM_BYTES_MAX, and the codes of the codec room
 */
export function decodeProgram(bytes: Uint8Array): Outcome<Program> {
  if (bytes.length > PROGRAM_BYTES_MAX) {
    return reject("ENGINE_LIMIT", { what: "program", value: bytes.length, max: PROGRAM_BYTES_MAX });
  }
  const decoded = decode(programCodec, bytes);
  if (!decoded.ok) return decoded;
  const wire = decoded.value;
  return accept({
    states: wire.states.map(({ name, shape, initialiser, bits }) => {
      return { name, shape, initialiser: initialiserFromWire(initialiser, bits) };
    }),
    ops: wire.ops.map(({ op, inputs, attributes, shape }) => {
      return { op, inputs: inputs.map(refFromWire), attributes, shape };
    }),
    updates: wire.updates.map(({ state, value }) => ({ state, value: refFromWire(value) })),
    outputs: wire.outputs.map(({ name, value }) => ({ name, value: refFromWire(value) })),
  });
}

/** The bytes of one op record, as they stand in the program; a leaf of the program hash. */
export function encodeOpRecord(op: OpRecord): Uint8Array {
  return encode(opCodec, opToWire(op));
}

/** The bytes of the state-tensor list, updates and outputs, as they stand in the program. */
export function encodeSections(program: Program): readonly [Uint8Array, Uint8Array, Uint8Array] {
  const wire = toWire(program);
  return [
    encode(statesCodec, wire.states),
    encode(updatesCodec, wire.updates),
    encode(outputsCodec, wire.outputs),
  ];
}

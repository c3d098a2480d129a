/** Decides the codecs made of other codecs: lists, optional values, structs, tagged unions. */

import { invariant } from "../contract/outcome.ts";
import type { Codec, ValueOf } from "./codec.ts";
import { LENGTH_MAX } from "./limits.ts";

/** Field names are identifiers: integer-like keys would leave the declared order in JavaScript. */
const FIELD_NAME = /^[a-z][A-Za-z0-9]*$/;

/** Codecs by field name, in the order of the bytes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- ValueOf restores the type
export type StructFields = Readonly<Record<string, Codec<any>>>;

/** The value of a struct with these fields. */
export type StructValue<F extends StructFields> = { readonly [K in keyof F]: ValueOf<F[K]> };

/** A u32 count and as many items, at most `countMax`. */
export function list<T>(item: Codec<T>, countMax: number): Codec<readonly T[]> {
  invariant(Number.isInteger(countMax) && countMax >= 0 && countMax <= LENGTH_MAX, "u32 count");
  return {
    schema: { kind: "list", item: item.schema, countMax },
    write: (writer, values) => {
      invariant(values.length <= countMax, `the list has at most ${countMax} items`);
      writer.u32(values.length);
      for (const value of values) item.write(writer, value);
    },
    read: (reader) => {
      const count = reader.length(countMax);
      // Grown item by item: a false count must not make us allocate before its bytes are seen.
      const values: T[] = [];
      for (let index = 0; index < count; index += 1) values.push(item.read(reader));
      return values;
    },
  };
}

/** One byte 0 (absent, `undefined`) or 1 and the value. */
export function optional<T>(item: Codec<T>): Codec<T | undefined> {
  invariant(item.schema.kind !== "optional", "undefined can stand for one absence only");
  return {
    schema: { kind: "optional", item: item.schema },
    write: (writer, value) => {
      writer.u8(value === undefined ? 0 : 1);
      if (value !== undefined) item.write(writer, value);
    },
    read: (reader) => {
      const at = reader.offset;
      const flag = reader.u8();
      if (flag > 1) reader.refuse(at, "presence is 0 or 1");
      return flag === 0 ? undefined : item.read(reader);
    },
  };
}

/** Fields one after another in the order of the declaration. */
export function struct<F extends StructFields>(fields: F): Codec<StructValue<F>> {
  const entries = Object.entries(fields);
  for (const [name] of entries) invariant(FIELD_NAME.test(name), "a field name is an identifier");
  return {
    schema: {
      kind: "struct",
      fields: entries.map(([name, codec]) => ({ name, schema: codec.schema })),
    },
    write: (writer, value) => {
      for (const [name, codec] of entries) codec.write(writer, value[name]);
    },
    read: (reader) => {
      const value: Record<string, unknown> = {};
      for (const [name, codec] of entries) value[name] = codec.read(reader);
      return value as StructValue<F>;
    },
  };
}

/** Cases by name: the u8 tag and the struct that follows it. */
export type UnionCases = Readonly<
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- ValueOf restores the type
  Record<string, { readonly tag: number; readonly codec: Codec<any> }>
>;

/** The value of a tagged union: the case's name under the discriminant, beside its fields. */
export type UnionValue<D extends string, C extends UnionCases> = {
  [K in keyof C & string]: { readonly [P in D]: K } & ValueOf<C[K]["codec"]>;
}[keyof C & string];

/**
 * A u8 tag and the struct of that case; an unknown tag is CODEC_VALUE.
 * `taggedUnion("kind", { transfer: { tag: 1, codec: struct({ … }) } })` handles
 * `{ kind: "transfer", … }`.
 */
export function taggedUnion<const D extends string, const C extends UnionCases>(
  discriminant: D,
  cases: C,
): Codec<UnionValue<D, C>> {
  const names = Object.keys(cases);
  const nameOfTag = new Map(names.map((name) => [cases[name].tag, name]));
  invariant(nameOfTag.size === names.length, "each case of a union has its own tag");
  for (const name of names) {
    const { schema } = cases[name].codec;
    invariant(schema.kind === "struct", "a case of a union is a struct");
    const clash = schema.fields.some((field) => field.name === discriminant);
    invariant(!clash, "no field of a case is called like the discriminant");
  }
  return {
    schema: {
      kind: "tagged-union",
      discriminant,
      cases: names.map((name) => {
        return { name, tag: cases[name].tag, schema: cases[name].codec.schema };
      }),
    },
    write: (writer, value) => {
      const name = (value as Readonly<Record<string, unknown>>)[discriminant];
      invariant(typeof name === "string" && Object.hasOwn(cases, name), "the case is declared");
      writer.u8(cases[name].tag);
      cases[name].codec.write(writer, value);
    },
    read: (reader) => {
      const at = reader.offset;
      const name = nameOfTag.get(reader.u8());
      if (name === undefined) return reader.refuse(at, `one of ${names.join(", ")}`);
      const fields = cases[name].codec.read(reader) as object;
      return { [discriminant]: name, ...fields } as UnionValue<D, C>;
    },
  };
}

/**
 * Narrows a codec by a rule its bytes alone cannot say (ascending order, a version, a range).
 * Breaking it is CODEC_VALUE when read and a broken invariant when written.
 */
export function constrained<T>(
  codec: Codec<T>,
  holds: (value: T) => boolean,
  rule: string,
): Codec<T> {
  return {
    schema: codec.schema,
    write: (writer, value) => {
      invariant(holds(value), rule);
      codec.write(writer, value);
    },
    read: (reader) => {
      const at = reader.offset;
      const value = codec.read(reader);
      if (!holds(value)) reader.refuse(at, rule);
      return value;
    },
  };
}

/** Decides how a codec describes itself as data. */

/** The declaration of a format: enough to derive EIP-712 types or print a table of fields. */
export type CodecSchema =
  | { readonly kind: "u8" | "u16" | "u32" | "i32" | "u64" | "u128" | "bool" }
  | { readonly kind: "fixed-bytes"; readonly bytes: number }
  | { readonly kind: "bytes" | "text"; readonly bytesMax: number }
  | { readonly kind: "enumeration"; readonly cases: readonly EnumerationCase[] }
  | { readonly kind: "list"; readonly item: CodecSchema; readonly countMax: number }
  | { readonly kind: "optional"; readonly item: CodecSchema }
  | { readonly kind: "struct"; readonly fields: readonly SchemaField[] }
  | {
      readonly kind: "tagged-union";
      readonly discriminant: string;
      readonly cases: readonly SchemaCase[];
    };

/** A field of a struct, in its place. */
export interface SchemaField {
  readonly name: string;
  readonly schema: CodecSchema;
}

/** One name of an enumeration and the u8 that stands for it. */
export interface EnumerationCase {
  readonly name: string;
  readonly tag: number;
}

/** One case of a tagged union and the u8 that stands for it. */
export interface SchemaCase extends EnumerationCase {
  readonly schema: CodecSchema;
}

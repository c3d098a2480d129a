/** Decides what a key of the settings is: where it stands, what it may be, what it means. */

/** A value as TOML has it. */
export type ConfigValue = string | number | boolean;

/** One key: where it stands, what it may be, and what it means. */
export interface ConfigKey {
  readonly table: string;
  readonly name: string;
  readonly standard: ConfigValue;
  /** What is allowed, in words; shown when a value is refused. */
  readonly allowed: string;
  readonly allows: (value: unknown) => boolean;
  readonly about: readonly string[];
}

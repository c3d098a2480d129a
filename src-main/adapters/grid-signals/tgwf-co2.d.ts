/** What is used of the tables of `@tgwf/co2`, which come without types. */

declare module "@tgwf/co2/data" {
  interface ZoneYear {
    readonly carbonIntensity: { readonly value: unknown };
    readonly carbonFreeEnergy?: { readonly value: unknown };
  }
  interface Year {
    readonly data: Readonly<Record<string, ZoneYear | undefined>>;
  }
  export const averageIntensity: { readonly data: Readonly<Record<string, unknown>> };
  export const electricityMaps: Readonly<
    Record<"yearly2021" | "yearly2022" | "yearly2023" | "yearly2024" | "yearly2025", Year>
  >;
}

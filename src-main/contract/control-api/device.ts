/** Decides what is said about the machine and its devices: what each can do here, or why not. */

import { z } from "zod";

import { countSchema } from "./scalars.ts";

/** How a device stands with this program. */
export const deviceUseSchema = z.enum([
  "in-use", // computes now, or will with the next unit
  "usable", // could compute, but is not the chosen one
  "not-usable", // this version has no exact engine for it, or something is missing
]);

/** One device that could compute. */
export const deviceSchema = z.strictObject({
  /** "cpu", "gpu-0", … stable while the machine is unchanged. */
  id: z.string().max(64),
  kind: z.enum(["cpu", "gpu"]),
  name: z.string().max(256),
  use: deviceUseSchema,
  /** The engine that drives it: "native-cpu", "wasm", "reference"; null when none does. */
  engine: z.string().max(64).nullable(),
  /** What distinguishes the engine here, such as "avx512vnni, 2 threads". */
  variant: z.string().max(128).nullable(),
  /** True after its kernels passed their vectors on this machine, false when one failed. */
  exact: z.boolean().nullable(),
  /** One sentence: what it can do here, or why not. */
  why: z.string().max(512),
  /** What the owner can do about it, often a command; null when there is nothing to do. */
  next: z.string().max(512).nullable(),
});

/** The machine the daemon runs on. */
export const machineSchema = z.strictObject({
  system: z.string().max(128),
  cpuName: z.string().max(256),
  coresPhysical: countSchema,
  coresLogical: countSchema,
  /** What this process may use, which in a container is less than the machine has. */
  coresAvailable: countSchema,
  memoryBytes: countSchema,
});

/** The answer to `devices`. */
export const devicesSchema = z.strictObject({
  machine: machineSchema,
  devices: z.array(deviceSchema).max(64),
});

export type Device = z.infer<typeof deviceSchema>;
export type Machine = z.infer<typeof machineSchema>;
export type Devices = z.infer<typeof devicesSchema>;

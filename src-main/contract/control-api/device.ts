/** Decides what is said about the machine and its devices: what each can do here, or why not. */

import { z } from "zod";

import { countSchema } from "./scalars.ts";

/** How a device stands with this program. */
export const deviceUseSchema = z.enum([
  "in-use", // computes now, or will with the next unit
  "usable", // could compute, but is not the chosen one
  "not-usable", // this version has no exact engine for it, or something is missing
]);

/** What a device is. "coral" is Google's Edge TPU, "other" an accelerator of another make. */
export const deviceKindSchema = z.enum(["cpu", "gpu", "tpu", "npu", "coral", "other"]);

/** What stands between a device and work, for programs; `why` says it for people. */
export const deviceCauseSchema = z.enum([
  "no-engine", // it works, and this version has no exact engine for it
  "no-driver", // none is installed or loaded
  "wrong-driver", // one that cannot compute, such as nouveau
  "blacklisted", // the system was told not to load its driver
  "driver-failed", // loaded, and does not answer or does not fit its library
  "permission", // this account may not open its node
  "container", // the container or virtual machine was not given it
  "handed-on", // kept for a virtual machine
  "not-exact", // an op gave other bytes than the reference
  "display-only", // draws a screen and cannot compute
  "lost", // fell off the bus, or needs a reset
]);

/** One device that could compute. */
export const deviceSchema = z.strictObject({
  /** "cpu", "gpu-0", … stable while the machine is unchanged. */
  id: z.string().max(64),
  kind: deviceKindSchema,
  name: z.string().max(256),
  vendor: z.string().max(64).nullable(),
  /** Its own memory; null for a CPU, and where the driver does not say. */
  memoryBytes: countSchema.nullable(),
  /** The driver and its version where there is one: "nvidia 580.95.05". */
  driver: z.string().max(128).nullable(),
  /** Where it sits: "0000:01:00.0"; null where the system has no such place. */
  pciId: z.string().max(32).nullable(),
  /** Its own lasting name, where it has one. */
  uuid: z.string().max(64).nullable(),
  use: deviceUseSchema,
  /** The engine that drives it: "native-cpu", "wasm", "reference"; null when none does. */
  engine: z.string().max(64).nullable(),
  /** What distinguishes the engine here, such as "avx512vnni, 2 threads". */
  variant: z.string().max(128).nullable(),
  /** True after its kernels passed their vectors on this machine, false when one failed. */
  exact: z.boolean().nullable(),
  /** What stands in its way; null where it computes or could, and where it is being checked. */
  cause: deviceCauseSchema.nullable(),
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
  /** What the system runs in, such as "Docker container", "memory limit 4.0 GiB"; often empty. */
  surroundings: z.array(z.string().max(64)).max(8),
});

/** The answer to `devices`. */
export const devicesSchema = z.strictObject({
  machine: machineSchema,
  devices: z.array(deviceSchema).max(64),
});

export type DeviceKind = z.infer<typeof deviceKindSchema>;
export type DeviceCause = z.infer<typeof deviceCauseSchema>;
export type Device = z.infer<typeof deviceSchema>;
export type Machine = z.infer<typeof machineSchema>;
export type Devices = z.infer<typeof devicesSchema>;

/** What the composition uses of the machine adapter. */

export {
  cpuLine,
  describeDevices,
  isSameDevice,
  nativeEngineAdvice,
  plainName,
} from "./device-words.ts";
export type { CpuEngine, GraphicsEngine, KnownGraphics } from "./device-words.ts";
export { closedNodes, ownAccount } from "./device-nodes.ts";
export type { Account, ClosedNode } from "./device-nodes.ts";
export { takeInventory } from "./inventory.ts";
export type { Inventory, InventoryNeeds, Probes } from "./inventory.ts";
export { isNvidia } from "./join-devices.ts";
export type { Gpu } from "./join-devices.ts";
export type { Block, FoundDevice } from "./found-device.ts";
export type { NvidiaAnswer, NvidiaDevice } from "./nvidia-devices.ts";
export { readSensors, sensorReader } from "./sensors.ts";
export type { SensorReadings, SensorValue } from "./sensors.ts";

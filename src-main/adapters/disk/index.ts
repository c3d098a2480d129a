/** The face of the disk adapter. */
export { machineFiles } from "./file-layer.ts";
export type { FileLayer, OpenFile } from "./file-layer.ts";
export { lockFolder } from "./folder-lock.ts";
export type { FolderLock } from "./folder-lock.ts";
export { openEnergyDatabase } from "./energy-database.ts";
export type { EnergyDatabaseNeeds } from "./energy-database.ts";
export { openLedgerDatabase } from "./ledger-database.ts";
export type { ByteTable, LedgerDatabase } from "./ledger-database.ts";
export { openDiskLedger, readDiskLedger } from "./open-disk-ledger.ts";
export type { DiskLedgerNeeds, DiskLedgerOptions } from "./open-disk-ledger.ts";
export { endRepair, placeRepaired, repairFolder } from "./repaired-folder.ts";
export { scanEntries } from "./scan-entries.ts";
export type { ScannedEntries } from "./scan-entries.ts";
export { openVoteLog } from "./vote-log-file.ts";
export { openTelemetryStore } from "./telemetry-database.ts";
export type { OpenTelemetry } from "./telemetry-database.ts";

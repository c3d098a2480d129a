/** Decides what is said of accelerators that are no GPUs: one record each. */

import type { Device } from "../../contract/control-api/index.ts";
import type { ClosedNode } from "./device-nodes.ts";
import type { FoundDevice } from "./found-device.ts";

/** What a device without a place of its own leaves out. */
export const WITHOUT_PLACE = {
  vendor: null,
  memoryBytes: null,
  driver: null,
  pciId: null,
  uuid: null,
} as const;

/** The closed nodes that belong to devices of a list. */
export function closedOf(
  found: readonly FoundDevice[],
  closed: readonly ClosedNode[],
): readonly ClosedNode[] {
  const nodes = new Set(found.flatMap((device) => device.nodes));
  // VFIO's own node opens the way to every group.
  if ([...nodes].some((node) => node.startsWith("/dev/vfio/"))) nodes.add("/dev/vfio/vfio");
  return closed.filter(({ path }) => nodes.has(path));
}

/** One record for each; "tpu-0", "tpu-1", "npu-0" in the order of the bus. */
export function acceleratorRecords(
  found: readonly FoundDevice[],
  closed: readonly ClosedNode[],
): Device[] {
  const counts = new Map<string, number>();
  return found.map((device) => {
    const index = counts.get(device.kind) ?? 0;
    counts.set(device.kind, index + 1);
    return recordOf(device, index, closedOf([device], closed));
  });
}

function recordOf(device: FoundDevice, index: number, closed: readonly ClosedNode[]): Device {
  const { kind, name, vendor, memoryBytes, driver, pciId, uuid, block, note } = device;
  const [node] = closed;
  const head = {
    id: `${kind}-${index}`,
    kind,
    name: name.slice(0, 256),
    vendor,
    memoryBytes,
    driver,
    pciId,
    uuid,
    use: "not-usable",
    engine: null,
    variant: null,
    exact: null,
  } as const;
  if (node !== undefined) {
    const why = `This account may not open ${node.path} (${node.owner}).`;
    return { ...head, cause: "permission", why, next: node.next };
  }
  const { cause, why, next } = block ?? {
    cause: "no-engine",
    why: note ?? "This version has no exact engine for it.",
    next: null,
  };
  return { ...head, cause, why: why.slice(0, 512), next: next?.slice(0, 512) ?? null };
}

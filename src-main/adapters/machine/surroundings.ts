/**
 * Decides what the system is said to run in: a container, a virtual machine, a limit. It is why a
 * device that the machine has is not seen here, and which flag hands it in.
 */

import { formatBytes } from "../../contract/units.ts";
import { numberIn } from "./tree.ts";
import type { Tree } from "./tree.ts";

/** What hands devices into a container. */
export type Container = "docker" | "podman" | "kubernetes" | "lxc" | "container";

/** Where the system runs. */
export interface Surroundings {
  readonly container: Container | null;
  /** Such as "KVM", "Firecracker", "WSL 2", "gVisor"; null on the machine itself. */
  readonly virtual: string | null;
  /** Processors that a control group grants; may be a fraction. Null: no limit. */
  readonly processors: number | null;
  /** Memory that a control group grants; null: no limit. */
  readonly memoryBytes: number | null;
}

const CONTAINER_WORDS: Readonly<Record<Container, string>> = {
  docker: "Docker container",
  podman: "Podman container",
  kubernetes: "Kubernetes pod",
  lxc: "LXC container",
  container: "container",
};

/** Reads what the system shows of it. */
export function surroundingsOf(tree: Tree): Surroundings {
  return {
    container: containerOf(tree),
    virtual: virtualOf(tree),
    processors: processorsOf(tree),
    memoryBytes: memoryOf(tree),
  };
}

/** The surroundings in short words, for the machine's line. */
export function surroundingsWords(found: Surroundings): string[] {
  const { container, virtual, processors, memoryBytes } = found;
  return [
    ...(container === null ? [] : [CONTAINER_WORDS[container]]),
    ...(virtual === null ? [] : [virtual]),
    ...(processors === null ? [] : [`processor limit ${processors.toFixed(1)}`]),
    ...(memoryBytes === null ? [] : [`memory limit ${formatBytes(memoryBytes)}`]),
  ];
}

function containerOf(tree: Tree): Container | null {
  const groups = `${tree.text("proc/1/cgroup") ?? ""}\n${tree.text("proc/self/cgroup") ?? ""}`;
  const named = tree.text("run/systemd/container");
  if (tree.has("var/run/secrets/kubernetes.io") || /kubepods/u.test(groups)) return "kubernetes";
  if (tree.has("run/.containerenv") || named === "podman") return "podman";
  if (tree.has(".dockerenv") || /docker/u.test(groups) || named === "docker") return "docker";
  if (/lxc/u.test(groups) || named === "lxc" || tree.has("dev/.lxc")) return "lxc";
  return named === null || named === "wsl" ? null : "container";
}

/** Makers of virtual machines, by what they write where a board's maker would stand. */
const BOARDS: readonly (readonly [RegExp, string])[] = [
  [/google/iu, "Google Compute Engine"],
  [/amazon ec2/iu, "Amazon EC2"],
  [/virtual machine.*microsoft|microsoft corporation virtual/iu, "Hyper-V"],
  [/vmware/iu, "VMware"],
  [/virtualbox|innotek/iu, "VirtualBox"],
  [/qemu|kvm|standard pc/iu, "KVM"],
  [/xen/iu, "Xen"],
  [/parallels/iu, "Parallels"],
];

function virtualOf(tree: Tree): string | null {
  const version = tree.text("proc/version") ?? "";
  if (/microsoft/iu.test(version)) return tree.has("dev/dxg") ? "WSL 2" : "WSL";
  // gVisor shows a kernel of its own that was never built by anyone else.
  if (/gvisor|#1 SMP Sun Jan 10 15:06:54 PST 2016/iu.test(version)) return "gVisor";
  if (/-fc\b|firecracker/iu.test(`${version} ${tree.text("proc/cmdline") ?? ""}`)) {
    return "Firecracker";
  }
  const maker = tree.text("sys/class/dmi/id/sys_vendor") ?? "";
  const product = tree.text("sys/class/dmi/id/product_name") ?? "";
  // Google and Amazon also sell whole machines; without a hypervisor's flag the board is real.
  const flagged = /^flags\s*:.*\bhypervisor\b/mu.test(tree.text("proc/cpuinfo") ?? "");
  const board = BOARDS.find(([pattern]) => pattern.test(`${product} ${maker}`));
  if (board !== undefined && (flagged || !/google|amazon/iu.test(maker))) return board[1];
  if (tree.text("sys/hypervisor/type") === "xen") return "Xen";
  return flagged ? "virtual machine" : null;
}

/** Folders of the control groups this process is in, its own first; the limits of all hold. */
function groupFolders(tree: Tree): string[] {
  const own = /^0::\/(.*)$/mu.exec(tree.text("proc/self/cgroup") ?? "")?.[1] ?? "";
  const parts = own.split("/").filter((part) => part !== "" && part !== "..");
  const paths = parts.map((_, index) => parts.slice(0, parts.length - index).join("/"));
  return [...paths.map((path) => `sys/fs/cgroup/${path}`), "sys/fs/cgroup"];
}

function processorsOf(tree: Tree): number | null {
  const older = "sys/fs/cgroup/cpu/cpu.cfs";
  const pairs = [
    ...groupFolders(tree).map((folder) => (tree.text(`${folder}/cpu.max`) ?? "").split(" ")),
    [tree.text(`${older}_quota_us`) ?? "", tree.text(`${older}_period_us`) ?? ""],
  ];
  const granted = pairs.flatMap(([quota = "", period = ""]) => {
    const [of, per] = [numberIn(quota), numberIn(period)];
    return of === null || per === null || of <= 0 || per <= 0 ? [] : [of / per];
  });
  return granted.length === 0 ? null : Math.min(...granted);
}

function memoryOf(tree: Tree): number | null {
  const files = groupFolders(tree).map((folder) => `${folder}/memory.max`);
  const limits = [...files, "sys/fs/cgroup/memory/memory.limit_in_bytes"].flatMap((file) => {
    const limit = numberIn(tree.text(file));
    return limit === null ? [] : [limit];
  });
  const total = /^MemTotal:\s+(\d+) kB/mu.exec(tree.text("proc/meminfo") ?? "")?.[1];
  const least = Math.min(...limits);
  // Without a limit the first version of control groups shows a number beyond any memory.
  return limits.length === 0 || least >= Number(total ?? Infinity) * 1_024 ? null : least;
}

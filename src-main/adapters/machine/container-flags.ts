/** Decides which flag hands a device into the container that the system runs in. */

import type { Container } from "./surroundings.ts";

/** What is to be handed in. */
export type Handed = "nvidia" | "amd" | "render" | "tpu-accel" | "tpu-vfio" | "accel" | "apex";

const DEVICES: Readonly<Record<Handed, string>> = {
  nvidia: "--gpus all",
  amd: "--device /dev/kfd --device /dev/dri --group-add render",
  render: "--device /dev/dri --group-add render",
  "tpu-accel": "--device /dev/accel0 --ulimit memlock=-1 (one --device for each chip)",
  "tpu-vfio": "--device /dev/vfio --ulimit memlock=-1",
  accel: "--device /dev/accel",
  apex: "--device /dev/apex_0",
};

const RESOURCES: Readonly<Record<Handed, string>> = {
  nvidia: "nvidia.com/gpu: 1",
  amd: "amd.com/gpu: 1",
  render: "gpu.intel.com/i915: 1",
  "tpu-accel": "google.com/tpu: 1",
  "tpu-vfio": "google.com/tpu: 1",
  accel: "npu.intel.com/accel: 1",
  apex: "a device plugin for /dev/apex_0",
};

const PATHS: Readonly<Record<Handed, string>> = {
  nvidia: "/dev/nvidia0",
  amd: "/dev/kfd",
  render: "/dev/dri",
  "tpu-accel": "/dev/accel0",
  "tpu-vfio": "/dev/vfio",
  accel: "/dev/accel",
  apex: "/dev/apex_0",
};

/** One sentence that says how. */
export function handIn(container: Container, what: Handed): string {
  if (container === "kubernetes") {
    const resource = RESOURCES[what];
    return `Ask for ${resource} in the pod's limits (its device plugin must run on the node).`;
  }
  if (container === "lxc") {
    const path = PATHS[what];
    return (
      `Add to the container's settings: lxc.mount.entry = ${path} ${path.slice(1)} none ` +
      "bind,optional,create=file, and allow it with lxc.cgroup2.devices.allow."
    );
  }
  if (container === "podman" && what === "nvidia") {
    return "Start the container with --device nvidia.com/gpu=all.";
  }
  return `Start the container with ${DEVICES[what]}.`;
}

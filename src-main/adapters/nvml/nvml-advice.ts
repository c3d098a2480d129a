/** Decides what the owner of an NVIDIA device is told to do when its library does not answer. */

import type { NvmlAbsence } from "./nvml-shapes.ts";

const ADVICE: Readonly<Record<NvmlAbsence, string>> = {
  "no-library":
    "Install NVIDIA's driver (Debian: sudo apt-get install nvidia-driver; Ubuntu: " +
    "sudo ubuntu-drivers install); in a container start it with --gpus all.",
  "no-driver": "Load the driver: sudo modprobe nvidia; if that fails, install it again.",
  mismatch: "Restart the machine: the driver in use and the installed library differ.",
  "no-permission": "Run sudo usermod -aG video,render $USER, then log in again.",
  "too-slow":
    "Run sudo nvidia-smi -pm 1 so that the driver stays ready; if nvidia-smi hangs too, restart " +
    "the machine.",
  crashed: "Run nvidia-smi; if it fails too, install the driver again.",
  failed: "Run nvidia-smi and mend what it says.",
};

/** What to do about an absence, where the machine has an NVIDIA device. */
export function nvmlAdvice(reason: NvmlAbsence): string {
  return ADVICE[reason];
}

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

/** The same on Windows, where there is neither sudo nor a module to load. */
const ADVICE_WINDOWS: Readonly<Record<NvmlAbsence, string>> = {
  "no-library": "Install NVIDIA's driver from nvidia.com/drivers, then restart.",
  "no-driver": "Look at the device in the Device Manager, and install NVIDIA's driver again.",
  mismatch: "Restart the machine: the driver in use and the installed library differ.",
  "no-permission": "Run the program from an account that may use the device.",
  "too-slow": "Ask again in a minute; if nvidia-smi hangs too, restart the machine.",
  crashed: "Run nvidia-smi; if it fails too, install the driver again.",
  failed: "Run nvidia-smi and mend what it says.",
};

/** What to do about an absence, where the machine has an NVIDIA device. */
export function nvmlAdvice(
  reason: NvmlAbsence,
  platform: NodeJS.Platform = process.platform,
): string {
  return platform === "win32" ? ADVICE_WINDOWS[reason] : ADVICE[reason];
}

/** What sets a device's own limit of power where this account may not. @param watts  or a word */
export function limitCommand(
  uuid: string,
  watts: number | string,
  platform: NodeJS.Platform = process.platform,
): string {
  const command = `nvidia-smi -i ${uuid} -pl ${watts}`;
  return platform === "win32" ? `${command} (as administrator)` : `sudo ${command}`;
}

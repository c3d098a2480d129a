/**
 * Decides what is known of the kernel's modules: which are loaded, and which the system was told
 * never to load, with the place where it was told so.
 * @source modprobe.d(5), kernel-parameters: module_blacklist and modprobe.blacklist
 */

import type { Tree } from "./tree.ts";

/** Folders of modprobe's settings, the owner's first. */
const FOLDERS = ["etc/modprobe.d", "run/modprobe.d", "usr/lib/modprobe.d", "lib/modprobe.d"];

const COMMAND_LINE = "the kernel's command line";

/** The modules of a system. */
export interface KernelModules {
  isLoaded(name: string): boolean;
  /** Where the system was told not to load it; null where it was not. */
  blacklistedIn(name: string): string | null;
}

/** Reads both lists. */
export function kernelModules(tree: Tree): KernelModules {
  const loaded = new Set(
    (tree.text("proc/modules") ?? "").split("\n").map((line) => line.split(" ")[0]),
  );
  const places = new Map<string, string>();
  for (const folder of FOLDERS) {
    for (const file of tree.names(folder).filter((name) => name.endsWith(".conf"))) {
      for (const name of blacklisted(tree.text(`${folder}/${file}`) ?? "")) {
        if (!places.has(name)) places.set(name, `/${folder}/${file}`);
      }
    }
  }
  const given = /(?:module_blacklist|modprobe\.blacklist)=(\S+)/gu;
  for (const [, names] of (tree.text("proc/cmdline") ?? "").matchAll(given)) {
    for (const name of names.split(",")) places.set(moduleName(name), COMMAND_LINE);
  }
  return {
    isLoaded: (name) => loaded.has(moduleName(name)) || tree.has(`sys/module/${moduleName(name)}`),
    blacklistedIn: (name) => places.get(moduleName(name)) ?? null,
  };
}

/** What a system was told, and how it is told otherwise. */
export function blacklistWords(module: string, where: string): { why: string; next: string } {
  const then =
    where === COMMAND_LINE
      ? "Take it from GRUB_CMDLINE_LINUX in /etc/default/grub, run sudo update-grub, then restart."
      : `Remove that line, run sudo update-initramfs -u, then sudo modprobe ${module}.`;
  return { why: `Its driver ${module} is blacklisted in ${where}.`, next: then };
}

/** `install NAME /bin/false` forbids as `blacklist NAME` does. */
function blacklisted(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [, name] =
      /^\s*blacklist\s+(\S+)/u.exec(line) ??
      /^\s*install\s+(\S+)\s+\/(?:usr\/)?bin\/(?:false|true)\b/u.exec(line) ??
      [];
    return name === undefined ? [] : [moduleName(name)];
  });
}

/** The kernel writes a dash in a module's name as an underscore. */
function moduleName(name: string): string {
  return name.replaceAll("-", "_");
}

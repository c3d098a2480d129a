/**
 * Decides how a PJRT plugin is asked: by the helper process `vivian_pjrt`, which loads the plugin
 * so that the daemon never does, within a time after which it is ended. Nothing here trains: this
 * version has no engine that runs through PJRT, and says so.
 */

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { productDigest } from "./exact-product.ts";
import { readAnswer } from "./read-answers.ts";
import type { PjrtAnswer, PjrtDevice, PjrtPlugin, PjrtProduct } from "./read-answers.ts";

/** Where set-up builds the helper. */
const HELPER = fileURLToPath(new URL("../../../build/Release/vivian_pjrt", import.meta.url));

/** A TPU's runtime takes up to a minute to start, and its compiler some seconds a program. */
const WITHIN_MS = 180_000;

/** Characters that are read of one plugin: some thousand devices. */
const OUTPUT_MAX = 1_000_000;

/** What cannot be done through PJRT in this version. */
export const PJRT_LIMIT =
  "This version lists a plugin's devices and checks the exact int8 product on the first of them; " +
  "it does not train through PJRT.";

/** What is asked. */
export interface PjrtQuestion {
  /** The plugin's file, such as /lib/libtpu.so. */
  readonly plugin: string;
  /** "list" devices only, or run the exact product on the first of them too. */
  readonly ask: "list" | "product";
  /** Settings of the client, such as { preallocate: "false" }. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly withinMs?: number;
  /** The helper; the one that set-up built where absent. */
  readonly helper?: string;
}

/** What came of it. */
export interface PjrtReport {
  readonly plugin: PjrtPlugin | null;
  readonly devices: readonly PjrtDevice[];
  readonly products: readonly PjrtProduct[];
  /** True where every product was equal here and there; null where none was run to its end. */
  readonly exact: boolean | null;
  /** Why it did not come to an end, with the stage; null where it did. */
  readonly failure: { readonly stage: string; readonly message: string } | null;
}

/** Asks a plugin; never throws and never waits longer than it may. */
export async function askPjrtPlugin(question: PjrtQuestion): Promise<PjrtReport> {
  const { plugin, ask, settings = {}, withinMs = WITHIN_MS, helper = HELPER } = question;
  if (!existsSync(helper)) {
    const message = "the helper process was not built; run npm run setup with a C++ compiler";
    return reportOf([{ kind: "failed", stage: "helper", message }], ask);
  }
  const given = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const words = [ask, plugin, ...given];
  const { lines, ended } = await output(helper, words, withinMs).catch((error: unknown) => {
    // The machine has no room for a process, or a word holds what no argument may.
    return { lines: [], ended: error instanceof Error ? error.message : String(error) };
  });
  const answers = lines.flatMap((line) => readAnswer(line) ?? []);
  const isWhole = answers.some(({ kind }) => kind === "end" || kind === "failed");
  const rest: PjrtAnswer[] = isWhole ? [] : [{ kind: "failed", stage: "run", message: ended }];
  return reportOf([...answers, ...rest], ask);
}

function reportOf(answers: readonly PjrtAnswer[], ask: PjrtQuestion["ask"]): PjrtReport {
  const products = answers.filter((one) => one.kind === "product");
  const plugin = answers.find((one) => one.kind === "plugin") ?? null;
  const failure = answers.find((one) => one.kind === "failed") ?? null;
  const isRun = ask === "product" && failure === null && products.length > 0;
  const agrees = (one: PjrtProduct) => one.equal && one.digest === productDigest(one);
  const isWrong = products.some((one) => !agrees(one));
  return {
    plugin,
    devices: answers.filter((one) => one.kind === "device"),
    products,
    // One wrong product is enough, whatever came after it.
    exact: isWrong ? false : isRun ? true : null,
    failure,
  };
}

interface Output {
  readonly lines: readonly string[];
  /** How the process came to its end, in words. */
  readonly ended: string;
}

function output(file: string, given: readonly string[], withinMs: number): Promise<Output> {
  return new Promise((resolve) => {
    const child = spawn(file, given, { stdio: ["ignore", "pipe", "ignore"] });
    let text = "";
    let isOver = false;
    const settle = (ended: string): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(late);
      child.kill("SIGKILL");
      // One that waits inside the kernel ends when it returns; nobody waits for that.
      child.unref();
      child.stdout.destroy();
      resolve({ lines: text.split("\n"), ended });
    };
    const late = setTimeout(() => settle("the plugin did not answer in time"), withinMs);
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (text.length > OUTPUT_MAX) settle("the plugin says too much");
    });
    child.once("error", (error) => settle(error.message));
    child.once("close", (code, signal) => {
      settle(`the plugin ended its process with ${signal ?? `exit code ${code ?? "unknown"}`}`);
    });
  });
}

/**
 * Decides how set-up runs another program: no terminal, output to build/setup.log, the last part
 * kept to find the cause of a failure, and in a process group of its own, so that Ctrl-C ends the
 * compilers that a build tool has started too.
 */
import { spawn } from "node:child_process";
import { log } from "./journal.mjs";

/** How much of a program's output is kept to find the cause of a failure. */
const TAIL_CHARACTERS_MAX = 64 * 1024;

/** How long a program may take to end when asked to, before it is ended by force. */
const END_TIMEOUT_MS = 3000;

/** @type {import("node:child_process").ChildProcess | undefined} */
let running;

/**
 * Runs a program to its end.
 * @param {string} file
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ code: number, output: string }>} code 127 where it could not be started
 */
export function runCommand(file, args, options) {
  log(`$ ${[file, ...args].join(" ")}\n`);
  return new Promise((resolve) => {
    let output = "";
    const keep = (/** @type {Buffer} */ chunk) => {
      log(chunk);
      output = (output + chunk.toString("utf8")).slice(-TAIL_CHARACTERS_MAX);
    };
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    running = child;
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => {
      running = undefined;
      resolve({ code: 127, output: `${output}\n${error.message}` });
    });
    child.on("close", (code) => {
      running = undefined;
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Ends the program that runs now, with all that it started; resolves when it has ended. */
export async function endRunningCommand() {
  const child = running;
  if (child === undefined || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once("close", resolve));
  endGroup(child.pid, "SIGTERM");
  const force = setTimeout(() => endGroup(Number(child.pid), "SIGKILL"), END_TIMEOUT_MS);
  await ended;
  clearTimeout(force);
}

/** @param {number} pid @param {NodeJS.Signals} signal */
function endGroup(pid, signal) {
  try {
    if (process.platform === "win32") {
      spawn("taskkill", ["/pid", String(pid), "/T", "/F"], { stdio: "ignore" });
    } else {
      process.kill(-pid, signal);
    }
  } catch {
    // It has ended by itself in the meantime.
  }
}

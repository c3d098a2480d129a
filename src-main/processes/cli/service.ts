/** `vivian service`: the daemon started by the system, with nobody there. */

import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname } from "node:path";

import type { Command } from "commander";

import { folderFault } from "../config/data-folder.ts";
import { servicePlan } from "../service/service-plan.ts";
import type { ServiceFile, ServicePlan, SystemCommand } from "../service/service-plan.ts";
import { CommandFailure, EXIT, need } from "./failure.ts";
import { answer, openSession } from "./session.ts";
import type { Session } from "./session.ts";

/** Starting waits until the daemon says that it is ready; the unit gives it 300 s. */
const COMMAND_MS_MAX = 330_000;

interface ServiceOptions {
  readonly system?: boolean;
  readonly print?: boolean;
  readonly json?: boolean;
  /** False for --no-start. */
  readonly start?: boolean;
}

/** Adds the verb and its parts. */
export function addService(program: Command): void {
  const service = program
    .command("service")
    .description("have the system start the daemon (systemd, launchd)");
  const part = (name: string, words: string) =>
    service
      .command(name)
      .description(words)
      .option("--system", "for the whole machine, with a user of its own; needs root")
      .option("--json", "answer as JSON");
  part("install", "make it a service and start it")
    .option("--no-start", "only write the files")
    .option("--print", "show the files and write none")
    .addHelpText("after", INSTALL_HELP)
    .action((options: ServiceOptions) => install(options));
  part("uninstall", "stop it and take the service away; settings, data and keys stay").action(
    (options: ServiceOptions) => uninstall(options),
  );
  part("status", "show what the system says of it").action((options: ServiceOptions) =>
    showStatus(options),
  );
}

const INSTALL_HELP = `
Examples:
  vivian service install             for you, as long as you are logged in
  sudo vivian service install --system
  vivian service install --system --print    what that would write
Windows has no service of ours: let the Task Scheduler run \`vivian up\` at logon.`;

/** The service runs what runs now. What --print and status show is what root would write. */
function planOf({ system = false, print = false }: ServiceOptions): ServicePlan {
  const wish = {
    platform: process.platform,
    scope: system ? "system" : "user",
    program: [process.execPath, ...process.argv.slice(1, 2)],
    environment: process.env,
    userHome: homedir(),
    uid: print ? 0 : (process.getuid?.() ?? -1),
  } as const;
  return need(servicePlan(wish));
}

function install(options: ServiceOptions): void {
  const session = openSession(options);
  const plan = planOf(options);
  if (options.print === true) {
    const lines = plan.files.flatMap(({ path, text }) => [`# ${path}`, text]);
    answer(session, { files: plan.files }, lines);
    return;
  }
  const written = plan.files.filter(writeFile).map(({ path }) => path);
  const commands = options.start === false ? [] : plan.enable;
  for (const command of commands) runOrFail(command);
  const state = commands.length > 0 ? "It runs." : "It is not started.";
  answer(session, { written, started: commands.length > 0 }, [
    ...written.map((path) => `Wrote ${path}.`),
    `${state} \`vivian service status\` shows it.`,
    ...plan.notes,
  ]);
}

function uninstall(options: ServiceOptions): void {
  const session = openSession(options);
  const { files, disable, forget } = planOf(options);
  const present = files.filter(({ path, isOwners }) => !isOwners && existsSync(path));
  if (present.length === 0) return need({ ok: false, rejection: NOT_INSTALLED });
  // One that is not running, or never was enabled, is taken away all the same.
  for (const command of disable) run(command);
  for (const { path } of present) rmSync(path, { force: true });
  for (const command of forget) run(command);
  const removed = present.map(({ path }) => path);
  answer(session, { removed }, [
    ...removed.map((path) => `Removed ${path}.`),
    "Settings, data and keys stay where they are.",
  ]);
}

const NOT_INSTALLED = { code: "PROCESSES_SERVICE_NONE" } as const;

function showStatus(options: ServiceOptions): void {
  const session = openSession(options);
  // Anyone may look.
  const { files, status } = planOf({ ...options, print: true });
  const [unit] = files;
  const isInstalled = existsSync(unit.path);
  if (!isInstalled) return need({ ok: false, rejection: NOT_INSTALLED });
  const said = run(status);
  tellStatus(session, { file: unit.path, running: said.code === 0, said: said.text });
}

interface ServiceStatus {
  readonly file: string;
  readonly running: boolean;
  readonly said: string;
}

function tellStatus(session: Session, status: ServiceStatus): void {
  answer(session, status, [status.file, status.said]);
  if (status.running) return;
  const refusal = { code: "PROCESSES_SERVICE_STOPPED", facts: { file: status.file } };
  throw new CommandFailure(refusal, { answered: true });
}

/** True where the file was written; what is the owner's is not replaced. */
function writeFile({ path, text, mode, isOwners }: ServiceFile): boolean {
  if (isOwners && existsSync(path)) return false;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode });
    chmodSync(path, mode);
  } catch (error) {
    throw folderFault(path, error);
  }
  return true;
}

interface Ran {
  readonly code: number | null;
  readonly text: string;
}

function run([program, ...words]: SystemCommand): Ran {
  const ran = spawnSync(program, words, { encoding: "utf8", timeout: COMMAND_MS_MAX });
  if (ran.error !== undefined) {
    return { code: null, text: (ran.error as NodeJS.ErrnoException).code ?? ran.error.message };
  }
  return { code: ran.status, text: `${ran.stdout}${ran.stderr}`.trim() };
}

function runOrFail(command: SystemCommand): void {
  const { code, text } = run(command);
  if (code === EXIT.DONE) return;
  const facts = { command: command.join(" "), said: text.split("\n")[0].slice(0, 300) };
  throw new CommandFailure({ code: "PROCESSES_SERVICE_COMMAND", facts });
}

/**
 * Decides how the daemon has data read: by one child process at a time, with a limit on its time,
 * so that a hostile or huge file costs that process and nothing else.
 */

import { fileURLToPath } from "node:url";

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Child } from "../../miner/index.ts";
import { forkModule } from "../fork-child.ts";
import { checkImportReport } from "./import-messages.ts";
import type { ImportedSet, StartImport, TextCut } from "./import-messages.ts";

const IMPORTER = fileURLToPath(new URL("../importer.ts", import.meta.url));

/** A folder of a hundred thousand images takes minutes; beyond this nobody waits any more. */
const IMPORT_TIMEOUT_MS = 600_000;

/** Reads data; `stop` ends a reading under way. */
export interface DataImports {
  /** @param text  how a text is to be cut; nothing where it is as the import does it */
  read(path: string, text?: TextCut | null): Promise<Outcome<ImportedSet>>;
  stop(): Promise<void>;
}

/**
 * Makes the reader of one data folder.
 * Its `read` rejects what the importer refused with, PROCESSES_IMPORT_BUSY, _SLOW or _ENDED.
 */
export function openDataImports(
  blobsFolder: string,
  fork: () => Child = () => forkModule(IMPORTER),
  timeoutMs: number = IMPORT_TIMEOUT_MS,
): DataImports {
  let running: Child | null = null;
  return {
    async read(path, text = null) {
      if (running !== null) return reject("PROCESSES_IMPORT_BUSY");
      const child = fork();
      running = child;
      try {
        return await answerOf(child, { kind: "start", path, text, blobsFolder }, timeoutMs);
      } finally {
        running = null;
        child.kill();
      }
    },
    stop() {
      running?.kill();
      return Promise.resolve();
    },
  };
}

function answerOf(
  child: Child,
  start: StartImport,
  timeoutMs: number,
): Promise<Outcome<ImportedSet>> {
  return new Promise((resolve) => {
    const settle = (outcome: Outcome<ImportedSet>) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    const timer = setTimeout(() => settle(reject("PROCESSES_IMPORT_SLOW")), timeoutMs);
    child.onMessage((message) => {
      const report = checkImportReport(message);
      if (!report.ok) settle(report);
      else if (report.value.kind === "refused") {
        settle(reject(report.value.code, report.value.facts));
      } else settle(accept(report.value));
    });
    child.onExit(({ code, signal, words }) => {
      const said = words.split("\n").find((line) => /^\w*Error/.test(line)) ?? "";
      const reason = said === "" ? (signal ?? `exit code ${code ?? "unknown"}`) : said;
      settle(reject("PROCESSES_IMPORT_ENDED", { reason: reason.slice(0, 200) }));
    });
    child.send(start);
  });
}

/**
 * An importer process: reads the owner's data and leaves it among the blobs, so that neither its
 * memory nor a damaged file can harm the daemon that started it.
 */

import { openBlobFiles } from "../adapters/blobs/index.ts";
import { importData, TEXT_OPTIONS } from "../adapters/data-import/index.ts";
import type { ImportedData, TextOptions } from "../adapters/data-import/index.ts";
import { nativeSha256 } from "../adapters/native-crypto/index.ts";
import { rejectionOf } from "../api/index.ts";
import { Fault } from "../contract/outcome.ts";
import { datasetLeafHashes, datasetRoot, readDataset } from "../learning/index.ts";
import { checkImportCommand } from "./daemon/import-messages.ts";
import type { ImportReport, StartImport, TextCut } from "./daemon/import-messages.ts";
import { openParentPort } from "./parent-port.ts";

/** Longest note and name that are told; more is cut, the data itself is whole. */
const NOTE_CHARACTERS_MAX = 1_024;
const NAME_CHARACTERS_MAX = 256;

const port = openParentPort();
let started = false;
port.onMessage((message) => {
  const command = checkImportCommand(message);
  if (started) return;
  started = true;
  const answered = command.ok ? read(command.value) : Promise.resolve(refused(command.rejection));
  answered
    .catch((error: unknown) => refused(rejectionOf(error)))
    .then(
      (report) => {
        port.send(report);
        port.end(0);
      },
      () => port.end(1),
    );
});

function refused(rejection: { readonly code: string; readonly facts?: object }): ImportReport {
  const facts = Object.fromEntries(Object.entries(rejection.facts ?? {}));
  return { kind: "refused", code: rejection.code, facts };
}

async function read({ path, text, blobsFolder }: StartImport): Promise<ImportReport> {
  const imported = await importData(path, text === null ? {} : { text: cutOf(text) });
  if (!imported.ok) return refused(imported.rejection);
  const { blob } = imported.value;
  const dataset = readDataset(blob);
  if (!dataset.ok) throw new Fault(dataset.rejection.code, "an import is not a data set");
  const root = datasetRoot(nativeSha256, datasetLeafHashes(nativeSha256, dataset.value));
  const hash = await openBlobFiles(blobsFolder, nativeSha256).put(blob);
  return report(imported.value, hash, root);
}

function cutOf({ tokens, context }: TextCut): TextOptions {
  return { tokens: tokens ?? TEXT_OPTIONS.tokens, context: context ?? TEXT_OPTIONS.context };
}

function report(imported: ImportedData, blob: Uint8Array, root: Uint8Array): ImportReport {
  const { header, kind, classNames, columns, note, text, vocabulary } = imported;
  return {
    kind: "imported",
    blob,
    root,
    encoding: header.encoding,
    trainFirst: header.trainFirst,
    holdoutFirst: header.holdoutFirst,
    columns: columns.map(({ name, mean, deviation }) => {
      return { name: name.slice(0, NAME_CHARACTERS_MAX), mean, deviation };
    }),
    data: {
      name: header.name,
      kind,
      height: header.height,
      width: header.width,
      channels: header.channels,
      classNames: classNames.map((name) => name.slice(0, NAME_CHARACTERS_MAX)),
      classes: header.classes,
      trainCount: header.trainCount,
      holdoutCount: header.holdoutCount,
      note: note.slice(0, NOTE_CHARACTERS_MAX),
      text,
    },
    vocabulary: [...vocabulary],
  };
}

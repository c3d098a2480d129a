/**
 * Decides how a CSV file becomes a data set: the label stands first, then numbers, as many in each
 * row. A first row whose further cells are all words names the columns. Labels that are all
 * integers are class numbers; any other labels are class names, in byte order of their UTF-8.
 */

import { areColumnNames, cellNumber, isNotFinite, labelNumber } from "./cell-values.ts";
import { numberedClasses } from "./class-numbers.ts";
import { readCsvRows } from "./csv-rows.ts";
import type { CsvRow } from "./csv-rows.ts";
import { everyTenth } from "./hold-out.ts";
import type { Split } from "./hold-out.ts";
import { finishImport, progressSteps, sampleBytesOf, samplesRoom } from "./imported-data.ts";
import type { ImportedData, ImportOptions, SampleShape } from "./imported-data.ts";
import { CLASS_NAME_CHARACTERS_MAX } from "./limits.ts";
import type { ImportLimits } from "./limits.ts";
import { byBytes, pathBytes, shownBytes, shownText } from "./path-bytes.ts";
import { checkLimit, stop } from "./stop.ts";
import { columnScales, standardised, TableCells } from "./table-cells.ts";
import type { ColumnScale } from "./table-cells.ts";

const ENCODING_BYTES = 4;

/**
 * Imports a CSV file.
 * @rejects DATA_IMPORT_CSV_FORM, _CORRUPT, _RAGGED_ROW, _NO_FEATURES, _NUMBER, _LABEL,
 *          _LABEL_RANGE, _EMPTY_CLASS, _SINGLE_SAMPLE, _ONE_CLASS, _TOO_MANY_CLASSES, _NO_SAMPLES,
 *          _TOO_LARGE with file, row and column
 */
export async function importCsv(
  path: string,
  options: ImportOptions,
  limits: ImportLimits,
): Promise<ImportedData> {
  const bytes = pathBytes(path);
  const file = shownBytes(bytes);
  const table = new TableReader(file, limits);
  const progress = progressSteps(options.onProgress);
  await readCsvRows(bytes, limits, (row) => table.row(row), progress);
  const { cells, columns, names } = table;
  const rows = table.labels.length;
  if (rows === 0) stop("DATA_IMPORT_NO_SAMPLES", { file });
  const whereIs = (sample: number) => ({ file, row: table.lines[sample] });
  const { labels, classNames } = classesOf(table.labels, table.texts, whereIs);
  const split = everyTenth(labels, classNames, whereIs);
  const scales = columnScales(cells, columns, (row) => split.places[row] < split.trainCount);
  const shape = { encoding: 1, height: 1, width: columns, channels: 1 } as const;
  const samples = samplesRoom(rows, shape, limits.bytes);
  writeRows(samples, shape, { cells, scales, labels, split });
  return finishImport({
    path,
    kind: "table",
    shape,
    samples,
    split,
    classNames,
    columns: scales.map((scale, column) => ({
      name: names?.[column] ?? `column ${column + 2}`,
      ...scale,
    })),
    remarks: names === undefined ? [] : ["the first row names the columns"],
  });
}

/** Takes rows in as they come. */
class TableReader {
  readonly #file: string;
  readonly #limits: ImportLimits;
  readonly #numbers = new Map<string, number>();
  #width = 0;
  /** The numbers of all rows. */
  readonly cells = new TableCells();
  /** For each row the number of its label's text. */
  readonly labels: number[] = [];
  /** The label texts, in order of first sight. */
  readonly texts: string[] = [];
  /** For each row its line in the file. */
  readonly lines: number[] = [];
  /** What the first row calls the columns, if it does. */
  names: readonly string[] | undefined;

  constructor(file: string, limits: ImportLimits) {
    this.#file = file;
    this.#limits = limits;
  }

  /** Numbers of each row. */
  get columns(): number {
    return this.#width - 1;
  }

  row({ cells, line }: CsvRow): void {
    const at = { file: this.#file, row: line };
    if (this.#width === 0) {
      this.#width = cells.length;
      if (cells.length < 2) stop("DATA_IMPORT_NO_FEATURES", at);
      checkLimit("columns", this.columns, this.#limits.features, at);
      if (areColumnNames(cells.slice(1))) {
        this.names = cells.slice(1).map((name) => shownText(name));
        return;
      }
    }
    if (cells.length !== this.#width) {
      stop("DATA_IMPORT_RAGGED_ROW", { ...at, cells: cells.length, expected: this.#width });
    }
    checkLimit("samples", this.labels.length + 1, this.#limits.samples, at);
    checkLimit("cells", this.cells.count + this.columns, this.#limits.cells, at);
    this.labels.push(this.#label(cells[0], line));
    this.lines.push(line);
    for (let column = 1; column < cells.length; column += 1) {
      const value = cellNumber(cells[column]);
      if (Number.isNaN(value)) {
        stop("DATA_IMPORT_NUMBER", { ...at, column: column + 1, found: found(cells[column]) });
      }
      this.cells.push(value);
    }
  }

  /** The number of a label's text. */
  #label(cell: string, row: number): number {
    const at = { file: this.#file, row };
    if (isNotFinite(cell)) stop("DATA_IMPORT_NUMBER", { ...at, column: 1, found: cell });
    if (cell === "" || cell.length > CLASS_NAME_CHARACTERS_MAX) {
      stop("DATA_IMPORT_LABEL", { ...at, characters: cell.length });
    }
    const number = labelNumber(cell);
    const text = number === undefined ? shownText(cell, CLASS_NAME_CHARACTERS_MAX) : `${number}`;
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const next = this.texts.push(text) - 1;
    this.#numbers.set(text, next);
    // Among one text more than there are classes, integers are out of range or words among them.
    if (next >= this.#limits.classes) this.#tooMany(at);
    return next;
  }

  #tooMany(at: { file: string; row: number }): never {
    const numbers = this.texts.map(labelNumber);
    if (numbers.every((number) => number !== undefined)) {
      numberedClasses(numbers, (text) => ({
        ...at,
        row: this.lines[this.labels.indexOf(text)] ?? at.row,
      }));
    }
    stop("DATA_IMPORT_TOO_MANY_CLASSES", { ...at, most: this.#limits.classes });
  }
}

function found(cell: string): string {
  return cell === "" ? "nothing" : shownText(cell);
}

/** The classes and each row's class. */
function classesOf(
  rows: readonly number[],
  texts: readonly string[],
  whereIs: (sample: number) => { file: string; row: number },
): { labels: Uint8Array; classNames: readonly string[] } {
  const numbers = texts.map(labelNumber);
  if (numbers.every((number) => number !== undefined)) {
    const given = rows.map((text) => numbers[text]);
    const { lowest, classNames } = numberedClasses(given, whereIs);
    return { labels: Uint8Array.from(given, (number) => number - lowest), classNames };
  }
  if (texts.length === 1) stop("DATA_IMPORT_ONE_CLASS", { class: texts[0], ...whereIs(0) });
  const classNames = texts.toSorted((one, other) => byBytes(utf8(one), utf8(other)));
  const classes = new Map(classNames.map((name, index) => [name, index]));
  const classOf = texts.map((text) => classes.get(text) ?? 0);
  return { labels: Uint8Array.from(rows, (text) => classOf[text]), classNames };
}

/** Text with one character per byte of its UTF-8. */
function utf8(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Writes standardised rows and their labels to their places. */
function writeRows(
  samples: Uint8Array,
  shape: SampleShape,
  table: {
    readonly cells: TableCells;
    readonly scales: readonly ColumnScale[];
    readonly labels: Uint8Array;
    readonly split: Split;
  },
): void {
  const { cells, scales, labels, split } = table;
  const view = new DataView(samples.buffer, samples.byteOffset, samples.byteLength);
  const size = sampleBytesOf(shape);
  labels.forEach((label, row) => {
    const place = split.places[row] * size;
    scales.forEach((scale, column) => {
      const value = standardised(cells.at(row * scales.length + column), scale);
      view.setFloat32(place + column * ENCODING_BYTES, value, true);
    });
    view.setUint8(place + size - 1, label);
  });
}

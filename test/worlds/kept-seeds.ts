/**
 * Decides where seeds of rounds that failed are kept on this machine, so that the next run begins
 * with them; a seed goes once its round passed.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "../../build/reports/failing-seeds");

/** Seeds of a test that failed and have not passed since. */
export class KeptSeeds {
  readonly #file: string;

  /** @param name  of the test; a file name */
  constructor(name: string) {
    this.#file = join(FOLDER, `${name}.txt`);
  }

  /** The seeds, in the order in which they failed. */
  read(): number[] {
    if (!existsSync(this.#file)) return [];
    const lines = readFileSync(this.#file, "utf8").split("\n");
    return lines.filter((line) => /^\d+$/.test(line)).map(Number);
  }

  /** Runs a round; its seed is printed and kept when it fails. */
  async run<T>(seed: number, round: (seed: number) => Promise<T>): Promise<T> {
    try {
      const result = await round(seed);
      this.#write(this.read().filter((each) => each !== seed));
      return result;
    } catch (error) {
      console.log(`failed with seed ${seed}, which is kept in ${this.#file}`);
      this.#write([...new Set([...this.read(), seed])]);
      throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
    }
  }

  #write(seeds: readonly number[]): void {
    if (seeds.length === this.read().length) return;
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(this.#file, seeds.map((seed) => `${seed}\n`).join(""));
  }
}

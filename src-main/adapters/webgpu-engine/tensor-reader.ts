/**
 * Decides how tensors come back from a graphics device: in pieces, through two places that the host
 * can read. While the host copies one piece, the device brings the next; and the places are kept,
 * because taking such memory anew takes longer than what comes through it.
 */
/// <reference types="@webgpu/types" />
import { READ_PIECE_BYTES } from "./limits.ts";

const COPY_DST = 0x08; // GPUBufferUsage.COPY_DST
const MAP_READ = 0x01;

/** Reads tensors of one device, one after the other. */
export class TensorReader {
  readonly #device: GPUDevice;
  readonly #pieceBytes: number;
  /** Two at most; made when they are needed. */
  readonly #places: GPUBuffer[] = [];
  /** Ends when the places are free. */
  #last: Promise<void> = Promise.resolve();

  constructor(device: GPUDevice, pieceBytes: number = READ_PIECE_BYTES) {
    this.#device = device;
    this.#pieceBytes = pieceBytes;
  }

  /**
   * Copies the first `into.length` words of a buffer, as they are when all is done that was handed
   * over before. Rejects with what the library says.
   */
  read(from: GPUBuffer, into: Float32Array): Promise<void> {
    const reading = this.#last.then(() => this.#pieces(from, into));
    // Whoever reads next is told by its own failure.
    this.#last = reading.catch(() => undefined);
    return reading;
  }

  async #pieces(from: GPUBuffer, into: Float32Array): Promise<void> {
    const each = this.#pieceBytes / 4;
    const count = Math.ceil(into.length / each);
    const wordsOf = (piece: number): number => Math.min(each, into.length - piece * each);
    if (count > 0) this.#bring(from, 0, wordsOf(0));
    for (let piece = 0; piece < count; piece += 1) {
      if (piece + 1 < count) this.#bring(from, piece + 1, wordsOf(piece + 1));
      const place = this.#places[piece % 2];
      const bytes = 4 * wordsOf(piece);
      await place.mapAsync(1, 0, bytes);
      into.set(new Float32Array(place.getMappedRange(0, bytes)), piece * each);
      place.unmap();
    }
  }

  /** Has the device copy a piece to its place. */
  #bring(from: GPUBuffer, piece: number, words: number): void {
    const size = this.#pieceBytes;
    const usage = MAP_READ | COPY_DST;
    const place = (this.#places[piece % 2] ??= this.#device.createBuffer({ size, usage }));
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(from, piece * size, place, 0, 4 * words);
    this.#device.queue.submit([encoder.finish()]);
  }
}

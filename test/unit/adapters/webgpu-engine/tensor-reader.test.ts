import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TensorReader } from "../../../../src-main/adapters/webgpu-engine/tensor-reader.ts";

/** A place that the host maps only when what was copied to it is there, and unmaps before more. */
class Place {
  words = new Float32Array(0);
  isMapped = false;

  mapAsync(): Promise<void> {
    this.isMapped = true;
    return Promise.resolve();
  }

  getMappedRange(from: number, bytes: number): ArrayBuffer {
    return this.words.slice(from / 4, (from + bytes) / 4).buffer;
  }

  unmap(): void {
    this.isMapped = false;
  }
}

/** A device that copies at once, and refuses to copy to what is mapped. */
function device(): { readonly device: GPUDevice; readonly made: Place[] } {
  const made: Place[] = [];
  const copied = (from: Float32Array, at: number, to: Place, _: number, bytes: number): void => {
    if (to.isMapped) throw new Error("a mapped place is written");
    to.words = from.slice(at / 4, (at + bytes) / 4);
  };
  const given = {
    createBuffer: () => {
      made.push(new Place());
      return made[made.length - 1];
    },
    createCommandEncoder: () => {
      return { copyBufferToBuffer: copied, finish: () => null };
    },
    queue: { submit: () => undefined },
  };
  return { device: given as unknown as GPUDevice, made };
}

const buffer = (values: Float32Array): GPUBuffer => values as unknown as GPUBuffer;

describe("tensor-reader", () => {
  it("brings tensors of any size whole, through two places at most", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(60), { minLength: 1, maxLength: 4 }), async (sizes) => {
        const { device: gpu, made } = device();
        const reader = new TensorReader(gpu, 32);
        const tensors = sizes.map((size) => Float32Array.from({ length: size }, (_, i) => i + 1));
        const read = tensors.map(({ length }) => new Float32Array(length));
        await Promise.all(tensors.map((tensor, i) => reader.read(buffer(tensor), read[i])));
        expect(read).toEqual(tensors);
        expect(made.length).toBe(Math.min(2, Math.ceil(Math.max(...sizes) / 8)));
      }),
    );
  });

  it("reads on after a reading that failed", async () => {
    const { device: gpu, made } = device();
    const reader = new TensorReader(gpu, 32);
    const values = Float32Array.of(1, 2, 3);
    await reader.read(buffer(values), new Float32Array(3));
    const fails = new Error("planted");
    made[0].mapAsync = () => Promise.reject(fails);
    await expect(reader.read(buffer(values), new Float32Array(3))).rejects.toBe(fails);
    made[0].mapAsync = Place.prototype.mapAsync;
    const read = new Float32Array(3);
    await reader.read(buffer(values), read);
    expect(read).toEqual(values);
  });
});

/** Decides how the nearest of many are kept while they come: a heap whose top is the farthest. */

/** The `count` nearest slots so far. */
export class NearestSlots {
  readonly #count: number;
  readonly #slots: number[] = [];
  readonly #distances: number[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  /** What is at least as far does not come in. */
  get bound(): number {
    return this.#slots.length < this.#count ? Infinity : (this.#distances[0] ?? -Infinity);
  }

  /** Takes a slot in that is nearer than `bound`. */
  add(slot: number, distance: number): void {
    if (this.#slots.length < this.#count) {
      this.#slots.push(slot);
      this.#distances.push(distance);
      this.#rise(this.#slots.length - 1);
      return;
    }
    this.#slots[0] = slot;
    this.#distances[0] = distance;
    this.#sink();
  }

  /** The slots, in no order that counts. */
  slots(): readonly number[] {
    return this.#slots;
  }

  #rise(from: number): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (this.#distances[above] >= this.#distances[at]) return;
      this.#swap(at, above);
      at = above;
    }
  }

  #sink(): void {
    const size = this.#slots.length;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= size) return;
      const right = left + 1;
      const farther = right < size && this.#distances[right] > this.#distances[left] ? right : left;
      if (this.#distances[farther] <= this.#distances[at]) return;
      this.#swap(at, farther);
      at = farther;
    }
  }

  #swap(left: number, right: number): void {
    const slot = this.#slots[left];
    const distance = this.#distances[left];
    this.#slots[left] = this.#slots[right];
    this.#distances[left] = this.#distances[right];
    this.#slots[right] = slot;
    this.#distances[right] = distance;
  }
}

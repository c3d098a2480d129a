/** Decides what the process that measures a graphics device answers. */

/** One product, measured; rates are thousands of millions of operations a second. */
export interface GraphicsFigure {
  readonly name: string;
  readonly isExact: boolean;
  readonly gops: number;
  /** Absent where the peer was not asked. */
  readonly peerGops?: number;
}

/** What the child answers. */
export interface GraphicsAnswer {
  /** Null where there is none. */
  readonly adapter: string | null;
  readonly figures: readonly GraphicsFigure[];
  readonly notes: readonly string[];
}

/** Server time from a local monotonic clock: best sample wins, time never steps back for readers. */

export interface Sample {
  /** Server's time in its answer, ms since the epoch. */
  readonly server: number;
  /** Local monotonic times at which the question left and the answer came. */
  readonly sent: number;
  readonly got: number;
}

export interface Offset {
  /** Add to the local clock to get server time. */
  readonly add: number;
  /** The largest error this offset can have. */
  readonly error: number;
  readonly at: number;
}

/** How much a local clock is trusted to drift, per millisecond. */
const DRIFT = 50e-6;

export function offsetOf({ server, sent, got }: Sample): Offset {
  return { add: server - (sent + got) / 2, error: (got - sent) / 2, at: got };
}

/** The better of two offsets, an older one growing worse with time; a jump of the clock always wins. */
export function better(old: Offset | null, next: Offset): Offset {
  if (!old) return next;
  const oldError = old.error + (next.at - old.at) * DRIFT;
  const jumped = Math.abs(next.add - old.add) > oldError + next.error + 250;
  return jumped || next.error <= oldError ? next : old;
}

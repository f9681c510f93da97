/** A device's track after something was done to it, and the way to end that. */
export interface Dressed {
  readonly track: MediaStreamTrack;
  readonly stop: () => void;
}

/** Nothing is done to it. */
export const plain = (track: MediaStreamTrack): Dressed => ({ track, stop: () => undefined });

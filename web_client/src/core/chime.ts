/**
 * The three chimes, and when they sound.
 *
 * All lie in E major, so that two at once still agree. This module only says what and when;
 * `io/chimes` plays.
 */

export type Chime = "begin" | "soon" | "end";

export interface Note {
  readonly hz: number;
  readonly at_s: number;
  readonly gain: number;
  /** Time to fall to a thousandth. */
  readonly fall_s: number;
}

export interface Sound {
  readonly attack_s: number;
  readonly notes: readonly Note[];
}

const E4 = 329.628;
const G_SHARP4 = 415.305;
const B4 = 493.883;

export const SOUNDS: Readonly<Record<Chime, Sound>> = {
  begin: {
    attack_s: 0.02,
    notes: [
      { hz: E4, at_s: 0, gain: 0.1, fall_s: 1.2 },
      { hz: B4, at_s: 0.18, gain: 0.09, fall_s: 1.4 },
    ],
  },
  soon: { attack_s: 0.04, notes: [{ hz: B4, at_s: 0, gain: 0.075, fall_s: 1.1 }] },
  end: {
    attack_s: 0.03,
    notes: [
      { hz: B4, at_s: 0, gain: 0.1, fall_s: 1.8 },
      { hz: G_SHARP4, at_s: 0.3, gain: 0.1, fall_s: 1.8 },
      { hz: E4, at_s: 0.6, gain: 0.11, fall_s: 2.2 },
    ],
  },
};

/** Each note's overtones: fundamental, octave, twelfth. */
export const OVERTONES = [0, 1, 0.18, 0.05] as const;
export const LOWPASS_HZ = 2_500;
/** The volume at which the gains above are played as they stand. */
export const VOLUME_AT_FIRST = 0.4;

const MINUTE_MS = 60_000;

/** The moments of a session that have a chime. */
export interface Course {
  readonly start_ms: number;
  readonly end_ms: number;
  /** When the own break is due to end; 0 outside breaks. */
  readonly break_until_ms: number;
}

export interface Due {
  /** Names the moment, so that none sounds twice. */
  readonly key: string;
  readonly chime: Chime;
  readonly at_ms: number;
}

/** Which chimes lie ahead of now, each once. */
export function ahead(course: Course, now_ms: number, on: ReadonlySet<Chime>): Due[] {
  const { start_ms, end_ms, break_until_ms } = course;
  const all: Due[] = [
    { key: "nearly", chime: "soon", at_ms: start_ms - MINUTE_MS },
    { key: "start", chime: "begin", at_ms: start_ms },
    { key: "wrap", chime: "soon", at_ms: end_ms - MINUTE_MS },
    { key: "end", chime: "end", at_ms: end_ms },
  ];
  if (break_until_ms > 0) all.push({ key: `break:${break_until_ms}`, chime: "soon", at_ms: break_until_ms });
  return all.filter((due) => due.at_ms > now_ms && on.has(due.chime));
}

/** How far server time is ahead of the two clocks a chime is kept by. */
export interface Offsets {
  /** Of the page, by which a sign is shown. */
  readonly page_ms: number;
  /** Of the sound, which may stand still without a word. */
  readonly sound_ms: number;
}

/** One of the clocks moved by so much that what was planned by it is wrong. */
export function mustReschedule(before: Offsets, now: Offsets): boolean {
  const moved_ms = Math.max(Math.abs(now.page_ms - before.page_ms), Math.abs(now.sound_ms - before.sound_ms));
  return moved_ms > 250;
}

/**
 * Four words that both screens show when nobody sits between the two pages.
 *
 * They stand for both fingerprints and for two numbers that the pages chose at random. Each page
 * promises its number (by its hash) before it sees the other's, over the encrypted connection itself.
 * So whoever sat in the middle would have to fix both of their fingerprints before knowing what the
 * words will be, and has one guess in four thousand million; without the promises they could try
 * fingerprints until the words of both sides agree, which takes a moment for words so short.
 */

/** How many words. */
export const WORDS = 4;
export const NUMBER_BYTES = 32;

const PROMISE = 1;
const NUMBER = 2;

/** However a browser may read it: some take the name in any case, and blanks for the colon. */
const NAMED = /^a=fingerprint(?![a-z0-9-])/iu;
const SPELLED = /^a=fingerprint:(\S+) ([0-9a-f:]+)\s*$/iu;

/** The fingerprint of a description, in one spelling; null when it names none, several, or one that is spelled oddly. */
export function fingerprintOf(sdp: string): string | null {
  const lines = sdp.split(/[\r\n]+/u).filter((line) => NAMED.test(line.trimStart()));
  const found = new Set(lines.map((line) => spelled(SPELLED.exec(line))));
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : null;
}

const spelled = (match: RegExpExecArray | null): string | null =>
  match === null ? null : `${match[1]?.toLowerCase()} ${match[2]?.toUpperCase()}`;

/**
 * Whether the other side is still who the words were agreed with. A connection takes a new certificate
 * with any later description, so whoever carries descriptions could come between the two after the words
 * were compared, and they would stay on both screens.
 */
export function isStillThem(before: string, now: string): boolean {
  const fingerprint = fingerprintOf(before);
  return fingerprint !== null && fingerprint === fingerprintOf(now);
}

/** One page's half: its fingerprint and its number. */
export interface Half {
  readonly fingerprint: string;
  readonly number: Uint8Array;
}

/** What is hashed: the same on both sides, whoever looks. */
export function seal(one: Half, other: Half): Uint8Array<ArrayBuffer> {
  const halves = [one, other].map(({ fingerprint, number }) => `${fingerprint} ${hex(number)}`).sort();
  return new Uint8Array(new TextEncoder().encode(`alongside safety code 1\n${halves.join("\n")}`));
}

/** The first bytes of the seal's hash, as words of a list of 256. */
export function codeOf(hash: Uint8Array, list: readonly string[]): readonly string[] {
  return [...hash.subarray(0, WORDS)].map((byte) => list[byte] ?? "");
}

/** What is said over the channel: first the promise, then the number. */
export type Saying = { readonly t: "promise"; readonly hash: Uint8Array } | { readonly t: "number"; readonly number: Uint8Array };

export function frameOf(saying: Saying): Uint8Array<ArrayBuffer> {
  const [tag, bytes] = saying.t === "promise" ? [PROMISE, saying.hash] : [NUMBER, saying.number];
  return new Uint8Array([tag, ...bytes]);
}

export function sayingOf(frame: Uint8Array): Saying | null {
  if (frame.length !== 1 + NUMBER_BYTES) return null;
  const bytes = frame.slice(1);
  if (frame[0] === PROMISE) return { t: "promise", hash: bytes };
  return frame[0] === NUMBER ? { t: "number", number: bytes } : null;
}

export const same = (one: Uint8Array, other: Uint8Array): boolean => hex(one) === hex(other);

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

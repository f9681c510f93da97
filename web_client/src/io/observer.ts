/**
 * Watches the connections of a call, ten times a second, and tells the pure parts what it saw: whether
 * media comes at all, how the picture arrives, how good the line is, how much may go out.
 */
import { signal } from "@preact/signals";

import { adapt, AT_FULL, type Pace } from "@/core/caps";
import { framed, type Gap, gapOf, type Gaps, NO_GAPS, unexpected } from "@/core/gaps";
import type { Input, Link } from "@/core/negotiation";
import { diagnose, type Diagnosis, type Feel, FEEL, feel, type Figures, figuresOf, WINDOW } from "@/core/quality";
import { type Rates, ratesOf, type Reading } from "@/core/reading";
import { see, type Seen, untold, UNTOLD } from "@/core/seen";
import { look, UNSEEN } from "@/core/sight";
import { AWAKE, BEAT_MS, listen, type Watch } from "@/core/watchdog";
import type { ClientMessage } from "@/core/wire";
import type { Connection } from "@/io/connection";

/** Between whole looks at the figures; beats between them only look whether something comes. */
const RATES_EVERY_MS = 950;
/** The browser said that its network changed: for so long silence is told sooner. */
const HURRY_MS = 5_000;
/** A look that does not come back for so long never will. */
const LOOK_WITHIN_MS = 2_000;
/** Frames are counted by statistics where the browser has painted none for so long: behind another window, or never. */
const PAINTED_WITHIN_MS = 500;
/** So many frames were decoded: one of them is on the screen. */
const DECODED_ENOUGH = 4;

/** What of the partner is to be expected. */
export interface Expected {
  /** In the seat and not away. */
  readonly here: boolean;
  readonly camera: boolean;
  readonly mic: boolean;
  readonly screen: boolean;
}

/** What flows by the connection shown, and how it went until now. */
export interface Flow {
  readonly gen: number;
  readonly round: number;
  readonly path: string;
  readonly gaps: readonly Gap[];
  readonly first_frame_ms: number;
  readonly restarts: number;
  readonly moves: number;
  readonly silences: number;
  /** Nothing comes although something should. */
  readonly silent: boolean;
  /** Steps down from what may be sent at most. */
  readonly step: number;
  readonly figures: Figures;
}

const NONE_YET = { key: 0, packets: 0, frames: 0 };

const NOTHING: Expected = { here: false, camera: true, mic: true, screen: false };

export interface Watched {
  readonly shown: () => Link | null;
  readonly coming: () => Link | null;
  readonly live: (link: Link) => Connection | null;
  readonly input: (input: Input) => void;
  readonly send: (message: ClientMessage) => void;
}

export class Observer {
  /** How the partner's picture comes. */
  readonly sight = signal(UNSEEN);
  readonly pace = signal<Pace>(AT_FULL);
  /** Quality of the line, but for whether there is one. */
  readonly feel = signal<Feel>(FEEL);

  expected: Expected = NOTHING;
  gaps: Gaps = NO_GAPS;
  restarts = 0;
  moves = 0;
  silences = 0;
  first_frame_ms = 0;

  private recent: readonly Rates[] = [];
  private watch: Watch = AWAKE;
  private seen: Seen = UNTOLD;
  /** The latest whole look; the next rates are counted from it. */
  private base: Reading | null = null;
  private key = 0;
  /** What has come by the connection being built. */
  private coming = NONE_YET;
  private frames = 0;
  private painted_ms = 0;
  private paintedKey = 0;
  private begun_ms = 0;
  private hurried_ms = 0;
  private readonly beating: number;

  constructor(private readonly on: Watched) {
    this.beating = window.setInterval(() => void this.beat(), BEAT_MS);
    for (const [target, event] of changes()) target.addEventListener(event, this.hurry);
  }

  end(): void {
    window.clearInterval(this.beating);
    for (const [target, event] of changes()) target.removeEventListener(event, this.hurry);
  }

  /** A frame was painted. */
  painted(key: number): void {
    this.painted_ms = performance.now();
    this.paintedKey = key;
    this.frame(key);
  }

  /** Another connection is shown, with its first frame, or with sound alone. */
  show(link: Link): void {
    if (this.key !== 0) this.moves += 1;
    this.anew(link.key);
    const pictured = this.paintedKey === link.key || (this.coming.key === link.key && this.coming.frames > 0);
    if (this.expected.camera && pictured) this.gaps = framed(this.gaps, link, performance.now());
  }

  /** For how long the picture had stood still before this generation and round. */
  gap(now: Pick<Link, "gen" | "round">): number {
    const { last_ms, gen, round } = this.gaps;
    // Sound came first; the picture still stands.
    if (last_ms !== null && (gen !== now.gen || round !== now.round)) return Math.round(performance.now() - last_ms);
    return gapOf(this.gaps, now);
  }

  /** Another partner, or none: nothing of the last one counts. */
  parted(): void {
    this.anew(0);
    this.expected = NOTHING;
    this.coming = NONE_YET;
    this.gaps = NO_GAPS;
    this.recent = [];
    this.restarts = this.moves = this.silences = this.first_frame_ms = 0;
    this.feel.value = FEEL;
    this.pace.value = AT_FULL;
  }

  /** The seat was taken again: what still holds is said once more. */
  entered(): void {
    this.seen = untold(this.seen);
    const link = this.on.shown();
    if (this.watch.silent && link !== null) this.on.send({ t: "silent", gen: link.gen, silent: true });
  }

  expect(expected: Expected): void {
    this.expected = expected;
    if (!expected.camera) this.gaps = unexpected(this.gaps);
  }

  diagnose(hub_rtt_ms: number | null, lost: boolean): Diagnosis {
    return diagnose(this.recent, { hub_rtt_ms, lost });
  }

  figures(link: Link | null): Figures {
    const { restarts, moves, silences, first_frame_ms } = this;
    const reading = this.base;
    return figuresOf(this.recent, {
      relayed: link?.path === "relay",
      blind: link?.blind === true,
      turn: reading?.turn === true,
      restarts,
      moves,
      silences,
      gap_max_ms: Math.max(0, ...this.gaps.all.map(({ gap_ms }) => gap_ms)),
      first_frame_ms,
      width: reading?.width ?? 0,
      height: reading?.height ?? 0,
    });
  }

  flow(link: Link | null): Flow {
    const { gaps, restarts, moves, silences, first_frame_ms, watch, pace } = this;
    const { gen, round, path } = link ?? { gen: 0, round: 0, path: "" };
    const counted = { restarts, moves, silences, first_frame_ms };
    return { ...counted, gen, round, path, gaps: gaps.all, silent: watch.silent, step: pace.peek().step, figures: this.figures(link) };
  }

  private readonly hurry = (): void => void (this.hurried_ms = performance.now() + HURRY_MS);

  private anew(key: number): void {
    this.key = key;
    this.watch = AWAKE;
    this.seen = UNTOLD;
    this.base = null;
    this.frames = 0;
    this.sight.value = UNSEEN;
  }

  private async beat(): Promise<void> {
    const now_ms = performance.now();
    if (this.begun_ms > 0 && now_ms - this.begun_ms < LOOK_WITHIN_MS) return;
    this.begun_ms = now_ms;
    try {
      await Promise.all([this.lookAtComing(), this.lookAtShown()]);
    } catch {
      // A connection that is just being closed has nothing to say.
    } finally {
      this.begun_ms = 0;
    }
  }

  private async lookAtComing(): Promise<void> {
    const link = this.on.coming();
    if (link === null) return;
    const pulse = await this.on.live(link)?.pulse();
    if (pulse === undefined || this.on.coming()?.key !== link.key) return;
    const came = this.coming.key === link.key && pulse.packets > this.coming.packets;
    this.coming = { key: link.key, packets: pulse.packets, frames: pulse.frames };
    if (came) this.on.input({ t: "flow", key: link.key });
    // One that is seen says so itself when it is painted.
    if (pulse.frames >= (document.hidden ? 1 : DECODED_ENOUGH) && this.unpainted()) this.frame(link.key);
  }

  private async lookAtShown(): Promise<void> {
    const link = this.on.shown();
    if (link === null) return this.key === 0 ? undefined : this.anew(0);
    const whole = this.base === null || performance.now() - this.base.at_ms >= RATES_EVERY_MS;
    const live = this.on.live(link);
    if (live === null) return;
    const [pulse, reading] = whole ? await live.look() : [await live.pulse(), null];
    if (this.on.shown()?.key !== link.key) return;
    this.listen(link, pulse.at_ms, pulse.packets);
    if (pulse.frames > this.frames && this.unpainted()) this.frame(link.key);
    this.frames = pulse.frames;
    this.sight.value = this.expected.camera ? look(this.sight.peek(), pulse) : UNSEEN;
    if (reading !== null) this.rate(link, reading);
  }

  /** A page in the background is painted no frames, and some browsers never say. */
  private unpainted(): boolean {
    return document.hidden || performance.now() - this.painted_ms > PAINTED_WITHIN_MS;
  }

  private frame(key: number): void {
    const shown = this.on.shown();
    if (shown?.key === key && this.expected.camera) {
      // Until a new round is described, frames still come by the one before.
      const round = shown.described ? shown.round : this.gaps.round;
      this.gaps = framed(this.gaps, { gen: shown.gen, round }, performance.now());
    }
    if (shown?.key !== key || !shown.proven) this.on.input({ t: "frame", key });
  }

  private listen(link: Link, at_ms: number, packets: number): void {
    const { here, camera, mic } = this.expected;
    const before = this.watch;
    const due = here && (camera || mic);
    const came = before.last !== null && packets > before.last.packets;
    this.watch = due ? listen(before, { at_ms, packets }, at_ms < this.hurried_ms) : AWAKE;
    if (came && !link.proven) this.on.input({ t: "flow", key: link.key });
    if (this.watch.silent === before.silent) return;
    if (this.watch.silent) this.silences += 1;
    this.on.send({ t: "silent", gen: link.gen, silent: this.watch.silent });
  }

  private rate(link: Link, reading: Reading): void {
    const base = this.base;
    this.base = reading;
    const rates = ratesOf(base, reading);
    if (rates === null) return;
    this.recent = [...this.recent, rates].slice(-WINDOW);
    this.feel.value = feel(this.feel.peek(), rates);
    this.pace.value = adapt(this.pace.peek(), rates);
    const [seen, say] = see(this.seen, rates);
    this.seen = seen;
    if (say !== null) this.on.send({ t: "seen", gen: link.gen, picture: say });
  }
}

/** What says that the network is another one, where the browser does. */
function changes(): readonly (readonly [EventTarget, string])[] {
  const { connection } = navigator as Navigator & { readonly connection?: EventTarget };
  const online = [window, "online"] as const;
  return connection === undefined ? [online] : [online, [connection, "change"] as const];
}

/**
 * The connections to the partner's page: carries out what `core/negotiation` decides.
 *
 * Each connection has its own <video>, which the view puts into the partner's tile; so the picture
 * that replaces another one has already been painted when it does.
 */
import { computed, effect, signal, untracked } from "@preact/signals";

import { CHOICES, type Choices, type Outgoing } from "@/core/caps";
import { type Command, due, IDLE, type Input, type Link, step } from "@/core/negotiation";
import { type Diagnosis, qualityOf, type Figures as Numbers } from "@/core/quality";
import type { ClientMessage } from "@/core/wire";
import { Connection, type Sent } from "@/io/connection";
import { Hearing } from "@/io/hearing";
import { type Expected, type Flow as Observed, Observer } from "@/io/observer";

/** What tests may look at. */
export interface Flow extends Observed {
  readonly framesDecoded: number;
  readonly channelOpen: boolean;
  readonly safety: readonly string[] | null;
}

export interface Outlet {
  readonly send: (message: ClientMessage) => void;
  /** One message of the partner's page. */
  readonly received: (data: Uint8Array) => void;
  /** The channel of the shown or coming connection has opened. */
  readonly opened: () => void;
  /** Round trip to the hub; null while unknown. */
  readonly hub_rtt_ms?: () => number | null;
}

/** Own sound and picture. */
export type Tracks = Pick<Sent, "audio" | "video">;

export class Call {
  private readonly state = signal(IDLE);
  private readonly lives = signal<ReadonlyMap<number, Connection>>(new Map());
  private readonly open = signal<readonly number[]>([]);
  private readonly words = signal<ReadonlyMap<number, readonly string[]>>(new Map());
  private readonly shared = signal<MediaStreamTrack | null>(null);
  private readonly theirScreen = signal(false);
  private readonly hidden = signal(document.hidden);
  private readonly observer: Observer;
  private tracks: Tracks = { audio: null, video: null };
  private alarm = 0;
  private readonly endings: (() => void)[] = [];

  /** The picture shown, and the one being painted beneath it. */
  readonly shown = computed(() => this.live(this.state.value.shown)?.video ?? null);
  readonly coming = computed(() => this.live(this.state.value.coming)?.video ?? null);
  readonly link = computed(() => this.state.value.shown);
  readonly building = computed(() => this.state.value.coming !== null);
  /** The picture shown has lost its line. */
  readonly lost = computed(() => {
    const link = this.state.value.shown;
    return link !== null && (link.failed || link.lost_ms > 0);
  });
  readonly channelOpen = computed(() => this.open.value.length > 0);
  readonly hearing = new Hearing(this.lives, this.shown);
  /** How the partner's picture comes. */
  readonly sight;
  /** How good the call is, each way. */
  readonly quality;

  /** Why an own picture may not go out, whatever its member wants. */
  readonly upward;

  /** What the member chose to send. */
  readonly choices = signal<Choices>(CHOICES);
  /** This page shares its screen. */
  readonly sharing = computed(() => this.shared.value !== null);
  /** The partner's screen; null while none is shared. */
  readonly screen = computed(() => (this.theirScreen.value ? (this.live(this.state.value.shown)?.screen ?? null) : null));
  /** Who can see what is said: nobody else, a relay that cannot, or a relay that could. */
  readonly carried = computed(() => {
    const link = this.state.value.shown;
    if (link === null) return "none";
    return link.path === "direct" ? "direct" : link.blind ? "blind" : "relay";
  });
  /** Words that are the same on both screens when nobody sits between; null while there are none. */
  readonly safetyCode = computed(() => this.words.value.get(this.state.value.shown?.key ?? 0) ?? null);

  constructor(private readonly outlet: Outlet) {
    this.observer = new Observer({
      shown: () => this.state.peek().shown,
      coming: () => this.state.peek().coming,
      live: (link) => this.lives.peek().get(link.key) ?? null,
      input: (input) => this.input(input),
      send: (message) => this.outlet.send(message),
    });
    const { sight, feel, pace } = this.observer;
    this.sight = sight;
    this.quality = computed(() => qualityOf(feel.value, this.lost.value || this.state.value.shown === null));
    this.upward = computed(() => ({
      weak: feel.value.carrying.weak || this.lost.value || this.state.value.shown === null,
      paused: feel.value.paused.weak,
    }));
    const looked = (): void => void (this.hidden.value = document.hidden);
    document.addEventListener("visibilitychange", looked);
    const step = computed(() => pace.value.step);
    this.endings.push(
      () => document.removeEventListener("visibilitychange", looked),
      effect(() => {
        // Whatever decides on how much goes out.
        void [this.hidden.value, this.choices.value, this.shared.value, step.value];
        untracked(() => this.send());
      }),
    );
  }

  /** Feed the machine and carry out what it says. */
  input(input: Input): void {
    const [next, commands] = step(this.state.peek(), input, performance.now());
    this.state.value = next;
    for (const command of commands) this.run(command);
    if (input.t === "entered") this.observer.entered();
    if (input.t === "parted") this.partWays();
    window.clearTimeout(this.alarm);
    const at = due(this.state.peek());
    if (at === null) return;
    this.alarm = window.setTimeout(() => this.input({ t: "time" }), Math.max(0, at - performance.now()) + 1);
  }

  /** What of the partner is to be expected, by what their page says. */
  expect(expected: Expected): void {
    this.observer.expect(expected);
    this.theirScreen.value = expected.screen;
    this.input({ t: "picture", on: expected.camera, sound: expected.mic });
  }

  /** Send these from now on, on every connection. */
  use(tracks: Tracks): void {
    this.tracks = tracks;
    this.send();
  }

  /** Share this screen, or none. It ends by itself when the browser's own button is pressed. */
  share(track: MediaStreamTrack | null): void {
    const before = this.shared.peek();
    if (before === track) return;
    if (track !== null) {
      track.contentHint = "detail";
      track.addEventListener("ended", () => this.shared.peek() === track && this.share(null));
    }
    this.shared.value = track;
    before?.stop();
  }

  choose(more: Partial<Choices>): void {
    this.choices.value = { ...this.choices.peek(), ...more };
  }

  /** Say something to the partner's page; false when no channel is open. */
  say(data: Uint8Array<ArrayBuffer>): boolean {
    const { shown, coming } = this.state.value;
    const best = [shown, coming].map((link) => (link?.failed === false ? this.live(link) : null));
    return best.find((live) => live?.open)?.say(data) ?? false;
  }

  /** The connection shown, while it works. */
  alive(): Link | null {
    const link = this.state.peek().shown;
    return link === null || link.failed || link.lost_ms > 0 ? null : link;
  }

  /** Close every connection; new ones may follow. */
  close(): void {
    window.clearTimeout(this.alarm);
    this.input({ t: "parted" });
  }

  /** Close every connection for good. */
  end(): void {
    this.endings.splice(0).forEach((stop) => stop());
    this.observer.end();
    this.close();
  }

  /** What is probably wrong, and what may help. */
  diagnose(): Diagnosis {
    return this.observer.diagnose(this.outlet.hub_rtt_ms?.() ?? null, this.quality.value.coming === "lost");
  }

  /** The few numbers that may go to the hub when a member presses for it. */
  figuresToSend(): { readonly gen: number; readonly figures: Numbers } {
    const link = this.state.peek().shown;
    return { gen: link?.gen ?? 0, figures: this.observer.figures(link) };
  }

  /** What flows now, for tests. */
  async figures(): Promise<Flow> {
    const link = this.state.peek().shown;
    const pulse = await this.live(link)?.pulse();
    return {
      ...this.observer.flow(link),
      framesDecoded: pulse?.frames ?? 0,
      channelOpen: this.channelOpen.value,
      safety: this.safetyCode.value,
    };
  }

  /** Nobody else is to see the screen that this partner was shown. */
  private partWays(): void {
    this.share(null);
    this.theirScreen.value = false;
    this.observer.parted();
  }

  private live(link: Link | null): Connection | null {
    return link === null ? null : (this.lives.value.get(link.key) ?? null);
  }

  private sent(): Sent {
    return { ...this.tracks, screen: this.shared.peek() };
  }

  private outgoing(): Outgoing {
    const { step } = this.observer.pace.peek();
    return { ...this.choices.peek(), hidden: this.hidden.peek(), sharing: this.sharing.peek(), step };
  }

  private send(): void {
    for (const live of this.lives.peek().values()) live.use(this.sent(), this.outgoing());
  }

  private run(command: Command): void {
    switch (command.t) {
      case "build":
        return this.build(command);
      case "restart":
        this.observer.restarts += 1;
        return this.lives.peek().get(command.key)?.restart(command);
      case "describe":
        return this.lives.peek().get(command.key)?.describe(command.kind, command.sdp, command.round);
      case "add":
        return void this.lives.peek().get(command.key)?.add(command.signal);
      case "show":
        return this.show(command.key);
      case "close":
        return this.shut(command.key);
      case "send":
        return this.outlet.send(command.message);
      case "connected":
        this.observer.first_frame_ms ||= command.first_frame_ms;
        return this.outlet.send({ ...command, gap_ms: this.observer.gap(command) });
      case "failed":
        return this.outlet.send(command);
    }
  }

  private build(command: Extract<Command, { t: "build" }>): void {
    const { key } = command.link;
    try {
      const live = new Connection(command, this.sent(), this.outgoing(), {
        input: (input) => this.input(input),
        painted: (of) => this.observer.painted(of),
        channel: (of, open) => this.channel(of, open),
        received: (data) => this.outlet.received(data),
        agreed: (of, words) => void (this.words.value = new Map(this.words.peek()).set(of, words)),
      });
      this.hearing.tune(live);
      this.lives.value = new Map(this.lives.peek()).set(key, live);
    } catch {
      queueMicrotask(() => this.input({ t: "broken", key }));
    }
  }

  private channel(key: number, open: boolean): void {
    const others = this.open.value.filter((each) => each !== key);
    this.open.value = open ? [...others, key] : others;
    if (open) this.outlet.opened();
  }

  private show(key: number): void {
    const link = this.state.peek().shown;
    if (link !== null) this.observer.show(link);
    this.hearing.only(key);
  }

  private shut(key: number): void {
    const live = this.lives.peek().get(key);
    if (live === undefined) return;
    const rest = <T>(all: ReadonlyMap<number, T>): Map<number, T> => new Map([...all].filter(([each]) => each !== key));
    this.lives.value = rest(this.lives.peek());
    this.words.value = rest(this.words.peek());
    this.channel(key, false);
    live.close();
  }
}

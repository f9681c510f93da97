/**
 * The connections to the partner's page: carries out what `core/negotiation` decides.
 *
 * Each connection has its own <video>, which the view puts into the partner's tile; so the picture
 * that replaces another one has already been painted when it does.
 */
import { computed, signal } from "@preact/signals";

import { type Command, due, IDLE, type Input, type Link, step } from "@/core/negotiation";
import { look, UNSEEN } from "@/core/sight";
import type { ClientMessage } from "@/core/wire";
import { Connection, type Tracks } from "@/io/connection";

const SAMPLE_EVERY_MS = 500;

export interface Figures {
  readonly gen: number;
  readonly path: string;
  readonly framesDecoded: number;
  readonly channelOpen: boolean;
}

export interface Outlet {
  readonly send: (message: ClientMessage) => void;
  /** One message of the partner's page. */
  readonly received: (data: Uint8Array) => void;
  /** The channel of the shown or coming connection has opened. */
  readonly opened: () => void;
}

export class Call {
  private readonly state = signal(IDLE);
  private readonly lives = signal<ReadonlyMap<number, Connection>>(new Map());
  private readonly open = signal<readonly number[]>([]);
  private tracks: Tracks = { audio: null, video: null };
  private alarm = 0;
  private sampling = 0;
  private speaker = "";

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
  /** The browser wants a press before it lets the partner be heard. */
  readonly silent = signal(false);
  /** How the partner's picture comes. */
  readonly sight = signal(UNSEEN);

  constructor(private readonly outlet: Outlet) {
    this.sampling = window.setInterval(() => void this.sample(), SAMPLE_EVERY_MS);
  }

  /** Feed the machine and carry out what it says. */
  input(input: Input): void {
    const [next, commands] = step(this.state.value, input, performance.now());
    this.state.value = next;
    for (const command of commands) this.run(command);
    window.clearTimeout(this.alarm);
    const at = due(next);
    if (at === null) return;
    this.alarm = window.setTimeout(() => this.input({ t: "time" }), Math.max(0, at - performance.now()) + 1);
  }

  /** Send these from now on, on every connection. */
  use(tracks: Tracks): void {
    this.tracks = tracks;
    for (const live of this.lives.value.values()) live.use(tracks);
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
    window.clearInterval(this.sampling);
    this.close();
  }

  /** Use this loudspeaker, where the browser lets a page choose. */
  through(speaker: string): void {
    this.speaker = speaker;
    for (const live of this.lives.value.values()) void live.through(speaker);
  }

  /** Let the partner be heard. Without a press before, the browser may refuse: then `silent`. */
  async hear(): Promise<void> {
    const video = this.shown.value;
    if (video === null) return;
    try {
      video.muted = false;
      await video.play();
      this.silent.value = false;
    } catch (cause) {
      if (!(cause instanceof DOMException) || cause.name !== "NotAllowedError") return;
      video.muted = true;
      this.silent.value = true;
      await video.play().catch(() => undefined);
    }
  }

  /** What flows now. */
  async figures(): Promise<Figures> {
    const link = this.state.value.shown;
    const framesDecoded = (await this.live(link)?.framesDecoded()) ?? 0;
    return { gen: link?.gen ?? 0, path: link?.path ?? "", framesDecoded, channelOpen: this.channelOpen.value };
  }

  private live(link: Link | null): Connection | null {
    return link === null ? null : (this.lives.value.get(link.key) ?? null);
  }

  /** Look at the picture shown; without one to be expected, begin anew. */
  private async sample(): Promise<void> {
    const { shown, picture } = this.state.peek();
    const live = picture ? this.live(shown) : null;
    const found = await live?.sample();
    const same = this.state.peek().shown?.key === shown?.key;
    this.sight.value = found && same ? look(this.sight.peek(), found) : UNSEEN;
  }

  private run(command: Command): void {
    switch (command.t) {
      case "build":
        return this.build(command);
      case "describe":
        return void this.lives.value.get(command.key)?.describe(command.kind, command.sdp);
      case "add":
        return void this.lives.value.get(command.key)?.add(command.signal);
      case "show":
        return this.show(command.key);
      case "close":
        return this.shut(command.key);
      case "send":
        return this.outlet.send(command.message);
      case "connected":
      case "failed":
        return this.outlet.send(command);
    }
  }

  private build(command: Extract<Command, { t: "build" }>): void {
    const { key } = command.link;
    try {
      const live = new Connection(command, this.tracks, {
        input: (input) => this.input(input),
        channel: (of, open) => this.channel(of, open),
        received: (data) => this.outlet.received(data),
      });
      void live.through(this.speaker);
      this.lives.value = new Map(this.lives.value).set(key, live);
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
    this.sight.value = UNSEEN;
    for (const [each, live] of this.lives.value) {
      if (each === key) live.shown();
      else live.video.muted = true;
    }
    void this.hear();
  }

  private shut(key: number): void {
    const live = this.lives.value.get(key);
    if (live === undefined) return;
    this.lives.value = new Map([...this.lives.value].filter(([each]) => each !== key));
    this.channel(key, false);
    live.close();
  }
}

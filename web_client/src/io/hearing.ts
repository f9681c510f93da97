/** How the partner is heard: through which loudspeaker, how loud, and whether at all. */
import { type ReadonlySignal, signal } from "@preact/signals";

import type { Connection } from "@/io/connection";

export class Hearing {
  /** The browser wants a press before it lets the partner be heard. */
  readonly silent = signal(false);
  /** The member does not want to hear the partner now. */
  readonly hushed = signal(false);
  private speaker = "";
  private loudness = 1;

  constructor(
    private readonly lives: ReadonlySignal<ReadonlyMap<number, Connection>>,
    private readonly shown: ReadonlySignal<HTMLVideoElement | null>,
  ) {}

  /** A new connection sounds like those there are. */
  tune(live: Connection): void {
    live.video.volume = this.loudness;
    void live.through(this.speaker);
  }

  /** Use this loudspeaker, where the browser lets a page choose. */
  through(speaker: string): void {
    this.speaker = speaker;
    for (const live of this.lives.peek().values()) void live.through(speaker);
  }

  /** How loud the partner is, 0 to 1. */
  volume(level: number): void {
    this.loudness = level;
    for (const live of this.lives.peek().values()) live.video.volume = level;
  }

  /** The partner's sound is off by choice. */
  hush(on: boolean): void {
    this.hushed.value = on;
    void this.hear();
  }

  /** This connection alone is heard from now on. */
  only(key: number): void {
    for (const [each, live] of this.lives.peek()) if (each !== key) live.video.muted = true;
    void this.hear();
  }

  /** Let the partner be heard. Without a press before, the browser may refuse: then `silent`. */
  async hear(): Promise<void> {
    const video = this.shown.peek();
    if (video === null) return;
    try {
      video.muted = this.hushed.peek();
      await video.play();
      this.silent.value = false;
    } catch (cause) {
      if (!(cause instanceof DOMException) || cause.name !== "NotAllowedError") return;
      video.muted = true;
      this.silent.value = !this.hushed.peek();
      await video.play().catch(() => undefined);
    }
  }
}

/** A computer with cameras and microphones, as a page sees it through its browser. */
import { vi } from "vitest";

export class Track extends EventTarget {
  enabled = true;
  muted = false;
  readyState = "live";
  contentHint = "";

  constructor(
    readonly kind: "video" | "audio",
    readonly label: string,
  ) {
    super();
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.label };
  }

  applyConstraints(): Promise<void> {
    return Promise.resolve();
  }

  stop(): void {
    this.readyState = "ended";
  }

  /** The system pauses it, or lets it go on. */
  pause(muted: boolean): void {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? "mute" : "unmute"));
  }

  /** It ends by itself. */
  end(): void {
    this.readyState = "ended";
    this.dispatchEvent(new Event("ended"));
  }
}

const INPUT = { video: "videoinput", audio: "audioinput" } as const;

export class Computer {
  readonly plugged: Record<Track["kind"], string[]> = { video: ["Front"], audio: ["Inner"] };
  /** What the browser says when it is asked whether the page may. */
  readonly permission = Object.assign(new EventTarget(), { state: "granted" as PermissionState });
  /** The names of the errors that asking brings. */
  readonly refuses: Partial<Record<Track["kind"], string>> = {};
  readonly given: Track[] = [];

  constructor() {
    const mediaDevices = Object.assign(new EventTarget(), {
      getUserMedia: (wish: MediaStreamConstraints) => this.give(wish.video ? "video" : "audio"),
      enumerateDevices: () => Promise.resolve(this.list()),
    });
    const permissions = { query: () => Promise.resolve(this.permission) };
    vi.stubGlobal("navigator", { mediaDevices, permissions, userAgent: "Chrome/140.0" });
    vi.stubGlobal("window", globalThis);
    vi.stubGlobal("isSecureContext", true);
  }

  /** The newest track of this kind that was given. */
  last(kind: Track["kind"]): Track {
    const found = this.given.filter((track) => track.kind === kind).at(-1);
    if (found === undefined) throw new Error(`no ${kind} was asked for`);
    return found;
  }

  /** From now on the page may, or may not. */
  allow(state: PermissionState): void {
    this.permission.state = state;
    this.permission.dispatchEvent(new Event("change"));
  }

  private async give(kind: Track["kind"]): Promise<{ getTracks: () => Track[] }> {
    const [first] = this.plugged[kind];
    const name = this.refuses[kind] ?? (first === undefined ? "NotFoundError" : "");
    if (name !== "") throw new DOMException("no", name);
    const track = new Track(kind, first ?? "");
    this.given.push(track);
    return Promise.resolve({ getTracks: () => [track] });
  }

  /** Before a page may, it learns how many there are and nothing else. */
  private list(): { kind: string; deviceId: string; label: string }[] {
    const known = this.permission.state === "granted";
    return (["video", "audio"] as const).flatMap((kind) =>
      this.plugged[kind].map((label) => ({ kind: INPUT[kind], deviceId: known ? label : "", label: known ? label : "" })),
    );
  }
}

/**
 * Camera and microphone: asked for, chosen, turned off so that their lamps go out, watched for loss.
 *
 * What the page uses is a device's track as it was dressed (blur, noise); the camera's own picture
 * leaves this module only where nothing was asked to be done to it.
 */
import { batch, computed, effect, signal } from "@preact/signals";

import { type Trouble, troubleOf } from "@/core/check";
import { type Permission, takenAway } from "@/core/lost";
import { blurWanted, dressCamera, dressMic, noise } from "@/io/effects/choices";
import type { Dressed } from "@/io/effects/dressed";
import { keep, kept, local } from "@/io/keep";

export type DeviceKind = "camera" | "mic";

/** `idle` was not asked for yet; `off` is off by choice. */
export type DeviceState = "idle" | "asking" | "on" | "off" | Trouble;

export interface Choice {
  readonly id: string;
  readonly label: string;
}

const INPUT: Readonly<Record<DeviceKind, MediaDeviceKind>> = { camera: "videoinput", mic: "audioinput" };
const PERMISSION: Readonly<Record<DeviceKind, string>> = { camera: "camera", mic: "microphone" };

interface Remembered {
  readonly camera?: string;
  readonly mic?: string;
  readonly speaker?: string;
}

/** A device that is held back for less says nothing. */
const HELD_AFTER_MS = 1_000;

const remembered = (): Remembered => kept<Remembered>(local, "devices", {});
const remember = (more: Remembered): void => keep(local, "devices", { ...remembered(), ...more });

/** What becomes of a track later on. */
export interface Worn {
  /** It cannot be worn any longer, and nothing else may be. */
  readonly failed: () => void;
  /** This is worn in its place. */
  readonly instead: (other: Dressed) => void;
}

/** Something is done to a track before it is used. An error leaves the device off. */
type Dress = (raw: MediaStreamTrack, later: Worn) => Promise<Dressed>;

export class Device {
  readonly state = signal<DeviceState>("idle");
  readonly track = signal<MediaStreamTrack | null>(null);
  readonly choices = signal<readonly Choice[]>([]);
  /** The name of the one that was taken in place of an unplugged one; empty otherwise. */
  readonly instead = signal("");
  /** It is on and gives nothing: the system or another program holds it back. */
  readonly held = signal(false);
  private raw: MediaStreamTrack | null = null;
  private worn: Dressed | null = null;
  private permitted: Promise<Permission> = Promise.resolve(null);
  private turn = 0;
  /** The one that ended by itself, until another is on or none is wanted. */
  private unplugged = "";
  private holding = 0;

  constructor(
    private readonly kind: DeviceKind,
    private readonly dress: Dress,
  ) {}

  /** The name of what is in use. */
  readonly label = computed(() => {
    void this.track.value;
    return this.raw?.label ?? "";
  });
  readonly chosen = computed(() => {
    void this.track.value;
    return this.raw?.getSettings().deviceId ?? "";
  });

  /** Ask the browser for it. The result is in `state`. */
  async start(id = remembered()[this.kind] ?? ""): Promise<void> {
    this.stop("asking");
    const { turn } = this;
    try {
      const raw = await ask(this.kind, id);
      // Meanwhile it was turned off, or asked for again.
      if (turn !== this.turn) return raw.stop();
      this.raw = raw;
      this.permitted = permission(this.kind).then((status) => status?.state ?? null);
      const { deviceId = "" } = raw.getSettings();
      raw.addEventListener("ended", () => void this.lost(raw, deviceId));
      for (const event of ["mute", "unmute"]) raw.addEventListener(event, () => this.watchHeld(raw));
      this.watchHeld(raw);
      await this.wear(turn);
    } catch (cause) {
      if (turn === this.turn) this.stop(troubleOf(nameOf(cause), window.isSecureContext));
    }
  }

  /** Use another one from now on. */
  async choose(id: string): Promise<void> {
    remember({ [this.kind]: id });
    await this.start(id);
  }

  /** What is to be done to it has changed. Until that is done there is no track. */
  async redress(): Promise<void> {
    if (this.raw === null) return this.state.value === "dress" ? this.start() : undefined;
    this.turn += 1;
    this.undress();
    this.state.value = "asking";
    await this.wear(this.turn);
  }

  /** Let go of it; its lamp goes out. */
  stop(state: DeviceState = "off"): void {
    this.turn += 1;
    this.instead.value = this.unplugged = "";
    this.undress();
    this.raw?.stop();
    this.raw = null;
    this.letGo();
    this.state.value = state;
  }

  /** Muted or not, without letting go of it. */
  hush(muted: boolean): void {
    for (const track of [this.raw, this.track.value]) if (track) track.enabled = !muted;
  }

  /** Look again at what there is, and take what was waited for. */
  async list(all: readonly MediaDeviceInfo[]): Promise<void> {
    this.choices.value = choicesOf(all, INPUT[this.kind]);
    const waits = this.state.value === "gone" || this.state.value === "missing";
    if (waits) await this.take(this.choices.value);
  }

  /** The one that was unplugged if it is back, else another, which is named then. */
  private async take(choices: readonly Choice[]): Promise<void> {
    const { unplugged } = this;
    const back = choices.find(({ id }) => id === unplugged);
    const next = back ?? choices[0];
    if (next === undefined) return;
    await this.start(unplugged === "" ? undefined : next.id);
    if (unplugged === "") return;
    if (this.track.value === null) this.state.value = "gone";
    else if (back === undefined) this.instead.value = this.label.value;
  }

  private watchHeld(raw: MediaStreamTrack): void {
    if (this.raw !== raw) return;
    this.letGo();
    if (raw.muted) this.holding = window.setTimeout(() => (this.held.value = true), HELD_AFTER_MS);
  }

  private letGo(): void {
    window.clearTimeout(this.holding);
    this.held.value = false;
  }

  private async wear(turn: number): Promise<void> {
    const { raw } = this;
    if (raw === null) return;
    const mine = (): boolean => turn === this.turn;
    const failed = (): void => void (mine() && this.stop("dress"));
    const instead = (other: Dressed): void => (mine() ? this.putOn(other) : other.stop());
    try {
      const worn = await this.dress(raw, { failed, instead });
      if (!mine()) return worn.stop();
      this.putOn(worn);
      this.state.value = "on";
    } catch {
      failed();
    }
  }

  /** Whoever sends the track goes from one to the other without a moment of none. */
  private putOn(worn: Dressed): void {
    batch(() => {
      this.undress();
      worn.track.contentHint = this.kind === "camera" ? "motion" : "speech";
      this.worn = worn;
      this.track.value = worn.track;
    });
  }

  private undress(): void {
    this.track.value = null;
    this.worn?.stop();
    this.worn = null;
  }

  /** It ended by itself: it may no longer be used, or it was unplugged. */
  private async lost(raw: MediaStreamTrack, deviceId: string): Promise<void> {
    if (this.raw !== raw) return;
    this.stop("gone");
    this.unplugged = deviceId;
    const { turn, permitted } = this;
    const [before, status, all] = await Promise.all([permitted, permission(this.kind), inputs()]);
    if (turn !== this.turn) return;
    const ids = all.filter(({ kind }) => kind === INPUT[this.kind]).map((each) => each.deviceId);
    const taken = (): boolean => takenAway(before, status?.state ?? null, ids);
    if (taken()) return this.stop("refused");
    // Some browsers end the track first, and say a moment later that it may not be used.
    status?.addEventListener("change", () => void (turn === this.turn && taken() && this.stop("refused")));
    await this.take(choicesOf(all, INPUT[this.kind]).filter(({ id }) => id !== deviceId));
  }
}

function choicesOf(all: readonly MediaDeviceInfo[], kind: MediaDeviceKind): Choice[] {
  return all.filter((each) => each.kind === kind && each.deviceId !== "").map(({ deviceId, label }) => ({ id: deviceId, label }));
}

const inputs = (): Promise<readonly MediaDeviceInfo[]> => navigator.mediaDevices.enumerateDevices().catch(() => []);

async function permission(kind: DeviceKind): Promise<PermissionStatus | null> {
  try {
    return await navigator.permissions.query({ name: PERMISSION[kind] as PermissionName });
  } catch {
    return null;
  }
}

function nameOf(cause: unknown): string {
  return cause instanceof DOMException || cause instanceof TypeError ? cause.name : "";
}

async function ask(kind: DeviceKind, id: string): Promise<MediaStreamTrack> {
  const exact = id === "" ? {} : { deviceId: { ideal: id } };
  const cleaned = noise.value === "usual";
  const wanted =
    kind === "camera"
      ? { video: { ...exact, width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 24, max: 24 } } }
      : { audio: { ...exact, echoCancellation: true, noiseSuppression: cleaned, autoGainControl: true } };
  const stream = await navigator.mediaDevices.getUserMedia(wanted);
  const [track] = stream.getTracks();
  if (track === undefined) throw new DOMException("no track", "NotFoundError");
  return track;
}

/** Both devices of this page, and the loudspeaker chosen. */
export class Devices {
  readonly camera = new Device("camera", dressCamera);
  readonly mic = new Device("mic", dressMic);
  /** Muted by choice; the sender stays, so that nothing is negotiated. */
  readonly micOn = signal(true);
  /** The member speaks into a microphone that is there, and that nothing holds back. */
  readonly heard = computed(() => this.micOn.value && this.mic.track.value !== null && !this.mic.held.value);
  readonly speakers = signal<readonly Choice[]>([]);
  readonly speaker = signal(remembered().speaker ?? "");

  constructor() {
    navigator.mediaDevices?.addEventListener("devicechange", () => void this.list());
    effect(() => {
      void this.mic.track.value;
      this.mic.hush(!this.micOn.value);
    });
  }

  /** Ask for both. One question of the browser covers both where it can. */
  async open(): Promise<void> {
    await this.camera.start();
    await this.mic.start();
    await this.list();
  }

  /** Whether the browser would give both without asking again. */
  async granted(): Promise<boolean> {
    try {
      const names = ["camera", "microphone"] as PermissionName[];
      const all = await Promise.all(names.map((name) => navigator.permissions.query({ name })));
      return all.every(({ state }) => state === "granted");
    } catch {
      return false;
    }
  }

  async setCamera(on: boolean): Promise<void> {
    if (on) await this.camera.start();
    else this.camera.stop();
  }

  async setMic(on: boolean): Promise<void> {
    this.micOn.value = on;
    if (on && !this.heard.value) await this.mic.start();
  }

  /** From now on nothing behind the member is seen, or all of it. */
  async setBlur(on: boolean): Promise<void> {
    blurWanted.value = on;
    await this.camera.redress();
  }

  async setNoise(choice: typeof noise.value): Promise<void> {
    noise.value = choice;
    if (this.mic.track.value) await this.mic.start(this.mic.chosen.value);
  }

  async choose(kind: DeviceKind, id: string): Promise<void> {
    await this[kind].choose(id);
    await this.list();
  }

  chooseSpeaker(id: string): void {
    remember({ speaker: id });
    this.speaker.value = id;
  }

  /** Let go of both. */
  close(): void {
    this.camera.stop("idle");
    this.mic.stop("idle");
  }

  private async list(): Promise<void> {
    const all = await inputs();
    this.speakers.value = choicesOf(all, "audiooutput");
    await Promise.all([this.camera.list(all), this.mic.list(all)]);
  }
}

/** The devices of this page: the check opens them, the room takes them over. */
export const devices = new Devices();

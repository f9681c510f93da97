/**
 * Camera and microphone: asked for, chosen, turned off so that their lamps go out, watched for loss.
 */
import { computed, signal } from "@preact/signals";

import { type Trouble, troubleOf } from "@/core/check";
import { keep, kept, local } from "@/io/keep";

export type DeviceKind = "camera" | "mic";

/** `idle` was not asked for yet; `off` is off by choice. */
export type DeviceState = "idle" | "asking" | "on" | "off" | Trouble;

export interface Choice {
  readonly id: string;
  readonly label: string;
}

const INPUT: Readonly<Record<DeviceKind, MediaDeviceKind>> = { camera: "videoinput", mic: "audioinput" };

interface Remembered {
  readonly camera?: string;
  readonly mic?: string;
  readonly speaker?: string;
}

const remembered = (): Remembered => kept<Remembered>(local, "devices", {});
const remember = (more: Remembered): void => keep(local, "devices", { ...remembered(), ...more });

class Device {
  readonly state = signal<DeviceState>("idle");
  readonly track = signal<MediaStreamTrack | null>(null);
  readonly choices = signal<readonly Choice[]>([]);
  private turn = 0;

  constructor(private readonly kind: DeviceKind) {}

  /** The name of what is in use. */
  readonly label = computed(() => this.track.value?.label ?? "");
  readonly chosen = computed(() => this.track.value?.getSettings().deviceId ?? "");

  /** Ask the browser for it. The result is in `state`. */
  async start(id = remembered()[this.kind] ?? ""): Promise<void> {
    const turn = ++this.turn;
    this.state.value = "asking";
    try {
      const track = await ask(this.kind, id);
      // Meanwhile it was turned off, or asked for again.
      if (turn !== this.turn) return track.stop();
      this.take(track);
    } catch (cause) {
      if (turn === this.turn) this.state.value = troubleOf(nameOf(cause), window.isSecureContext);
    }
  }

  /** Use another one from now on. */
  async choose(id: string): Promise<void> {
    remember({ [this.kind]: id });
    this.stop();
    await this.start(id);
  }

  /** Let go of it; its lamp goes out. */
  stop(state: DeviceState = "off"): void {
    this.turn += 1;
    this.track.value?.stop();
    this.track.value = null;
    this.state.value = state;
  }

  private take(track: MediaStreamTrack): void {
    this.track.value?.stop();
    track.contentHint = this.kind === "camera" ? "motion" : "speech";
    track.addEventListener("ended", () => {
      if (this.track.value === track) this.stop("gone");
    });
    this.track.value = track;
    this.state.value = "on";
  }
}

function nameOf(cause: unknown): string {
  return cause instanceof DOMException || cause instanceof TypeError ? cause.name : "";
}

async function ask(kind: DeviceKind, id: string): Promise<MediaStreamTrack> {
  const exact = id === "" ? {} : { deviceId: { ideal: id } };
  const wanted =
    kind === "camera"
      ? { video: { ...exact, width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 24, max: 24 } } }
      : { audio: { ...exact, echoCancellation: true, noiseSuppression: true, autoGainControl: true } };
  const stream = await navigator.mediaDevices.getUserMedia(wanted);
  const [track] = stream.getTracks();
  if (track === undefined) throw new DOMException("no track", "NotFoundError");
  return track;
}

/** Both devices of this page, and the loudspeaker chosen. */
export class Devices {
  readonly camera = new Device("camera");
  readonly mic = new Device("mic");
  /** Muted by choice; the sender stays, so that nothing is negotiated. */
  readonly micOn = signal(true);
  readonly speakers = signal<readonly Choice[]>([]);
  readonly speaker = signal(remembered().speaker ?? "");

  constructor() {
    navigator.mediaDevices?.addEventListener("devicechange", () => void this.list());
  }

  /** Ask for both. One question of the browser covers both where it can. */
  async open(): Promise<void> {
    await this.camera.start();
    await this.mic.start();
    this.hush();
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
    if (on && this.mic.track.value === null) await this.mic.start();
    this.hush();
  }

  async choose(kind: DeviceKind, id: string): Promise<void> {
    await this[kind].choose(id);
    this.hush();
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

  private hush(): void {
    const track = this.mic.track.value;
    if (track) track.enabled = this.micOn.value;
  }

  private async list(): Promise<void> {
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    const of = (kind: MediaDeviceKind): Choice[] =>
      all.filter((each) => each.kind === kind && each.deviceId !== "").map(({ deviceId, label }) => ({ id: deviceId, label }));
    this.camera.choices.value = of(INPUT.camera);
    this.mic.choices.value = of(INPUT.mic);
    this.speakers.value = of("audiooutput");
  }
}

/** The devices of this page: the check opens them, the room takes them over. */
export const devices = new Devices();

/** How loud a microphone is, 0 to 1, told at each animation frame until `stop` is called. */
export function meter(track: MediaStreamTrack, tell: (level: number) => void): () => void {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let frame = 0;
  const look = (): void => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, each) => sum + each * each, 0) / samples.length;
    // −60 dB is silence, −10 dB is loud.
    tell(Math.min(1, Math.max(0, (10 * Math.log10(power + 1e-9) + 60) / 50)));
    frame = requestAnimationFrame(look);
  };
  look();
  return () => {
    cancelAnimationFrame(frame);
    void context.close();
  };
}

/** Whether a picture is all black: covered, or blocked by a switch. */
export function isBlack(video: HTMLVideoElement): boolean {
  const canvas = document.createElement("canvas");
  canvas.width = 16;
  canvas.height = 9;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null || video.videoWidth === 0) return false;
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return data.every((value, at) => at % 4 === 3 || value < 12);
}

/** Whether two connections of this very page can reach each other: what a call needs of a browser. */
export async function canConnect(within_ms: number): Promise<boolean> {
  if (typeof RTCPeerConnection === "undefined") return false;
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const both = [a, b] as const;
  try {
    a.addEventListener("icecandidate", ({ candidate }) => void b.addIceCandidate(candidate ?? undefined).catch(() => undefined));
    b.addEventListener("icecandidate", ({ candidate }) => void a.addIceCandidate(candidate ?? undefined).catch(() => undefined));
    const open = new Promise<boolean>((resolve) => {
      const channel = a.createDataChannel("check");
      channel.addEventListener("open", () => resolve(true));
      window.setTimeout(() => resolve(false), within_ms);
    });
    await a.setLocalDescription();
    await b.setRemoteDescription(a.localDescription as RTCSessionDescription);
    await b.setLocalDescription();
    await a.setRemoteDescription(b.localDescription as RTCSessionDescription);
    return await open;
  } catch {
    return false;
  } finally {
    for (const each of both) each.close();
  }
}

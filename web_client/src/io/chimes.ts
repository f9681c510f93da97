/**
 * Plays the chimes of `core/chime`: made on the spot, scheduled ahead on the audio clock, because
 * timers of a page in the background come late.
 */
import { effect, signal } from "@preact/signals";

import {
  ahead,
  type Chime,
  type Course,
  type Due,
  LOWPASS_HZ,
  mustReschedule,
  type Offsets,
  OVERTONES,
  SOUNDS,
  VOLUME_AT_FIRST,
} from "@/core/chime";
import { serverNow } from "@/io/clock";
import { keep, kept, local } from "@/io/keep";

const ALL: readonly Chime[] = ["begin", "soon", "end"];
/** How often the schedule is compared with server time, by both clocks. */
const LOOK_EVERY_MS = 2_000;

interface Settings {
  readonly volume: number;
  readonly off: readonly Chime[];
}

function settings(): Settings {
  return { volume: VOLUME_AT_FIRST, off: [], ...kept<Partial<Settings>>(local, "chimes", {}) };
}

/** Not every browser lets a page choose the loudspeaker. */
type Sinking = AudioContext & { setSinkId?: (id: string) => Promise<void> };

interface Planned extends Due {
  readonly nodes: readonly OscillatorNode[];
  /** When it sounds, by the clock of the sound. */
  readonly begin_s: number;
}

export class Chimes {
  readonly volume = signal(settings().volume);
  readonly off = signal<readonly Chime[]>(settings().off);
  /** The chime whose moment it is, for a sign to the eye; null between. */
  readonly ringing = signal<Chime | null>(null);

  private context: AudioContext | null = null;
  private out: GainNode | null = null;
  private course: Course | null = null;
  private planned: readonly Planned[] = [];
  private offsets: Offsets = { page_ms: 0, sound_ms: 0 };
  /** At the last look the clocks went as planned. */
  private steady = true;
  /** It has sounded, so the browser lets it sound again. */
  private heard = false;
  private speaker = "";
  private looking = 0;
  private signs: number[] = [];

  constructor() {
    effect(() => {
      const chosen: Settings = { volume: this.volume.value, off: this.off.value };
      if (this.out) this.out.gain.value = chosen.volume / VOLUME_AT_FIRST;
      keep(local, "chimes", chosen);
    });
  }

  /** Whether what is planned for now is heard now. */
  get audible(): boolean {
    return this.context?.state === "running" && this.volume.value > 0 && this.steady && !this.moved();
  }

  /** Make or wake the audio; from a press, or the browser keeps it silent. */
  async wake(): Promise<void> {
    this.context ??= this.made();
    // Some phones have more ways of not running than being suspended.
    if (this.context.state !== "running") await this.context.resume().catch(() => undefined);
  }

  /** Play one now. */
  async play(chime: Chime): Promise<void> {
    await this.wake();
    this.sound(chime, 0);
    this.sign(chime);
  }

  /** Play a session's chimes at their moments from now on; null for none. */
  follow(course: Course | null): void {
    const same = JSON.stringify(course) === JSON.stringify(this.course);
    this.course = course;
    if (!same) this.plan();
    window.clearInterval(this.looking);
    if (course) this.looking = window.setInterval(() => this.compare(), LOOK_EVERY_MS);
  }

  /** Turn one chime on or off. */
  set(chime: Chime, on: boolean): void {
    this.off.value = ALL.filter((each) => (each === chime ? !on : this.off.value.includes(each)));
    this.plan();
  }

  /** The loudspeaker chosen, where the browser can choose. */
  async through(speaker: string): Promise<void> {
    this.speaker = speaker;
    const sink: Sinking | null = this.context;
    await sink?.setSinkId?.(speaker).catch(() => undefined);
  }

  private made(): AudioContext {
    const context = new AudioContext();
    // A sleeping context's clock stands still: whatever was scheduled by it is scheduled anew.
    context.addEventListener("statechange", () => {
      if (context.state !== "running") return;
      this.heard = true;
      this.plan();
    });
    const sink: Sinking = context;
    if (this.speaker !== "") void sink.setSinkId?.(this.speaker).catch(() => undefined);
    return context;
  }

  private compare(): void {
    if (this.heard) void this.wake();
    this.steady = !this.moved();
    if (!this.steady) this.plan();
  }

  private plan(): void {
    this.forget();
    this.offsets = this.offsetsNow();
    if (this.course === null) return;
    const on = new Set(ALL.filter((each) => !this.off.value.includes(each)));
    const now_ms = serverNow();
    // What is laid on a clock that stands comes late; it is planned anew when that goes on.
    const sounds = this.context?.state === "running";
    this.planned = ahead(this.course, now_ms, on).map((due) => {
      const in_s = (due.at_ms - now_ms) / 1_000;
      this.signs.push(window.setTimeout(() => this.sign(due.chime), in_s * 1_000));
      return { ...due, begin_s: (this.context?.currentTime ?? 0) + in_s, nodes: sounds ? this.sound(due.chime, in_s) : [] };
    });
  }

  private moved(): boolean {
    return mustReschedule(this.offsets, this.offsetsNow());
  }

  private offsetsNow(): Offsets {
    const page_ms = serverNow() - performance.now();
    return { page_ms, sound_ms: this.context === null ? page_ms : serverNow() - this.context.currentTime * 1_000 };
  }

  private forget(): void {
    this.signs.forEach((each) => window.clearTimeout(each));
    this.signs = [];
    const now_s = this.context?.currentTime ?? 0;
    for (const { nodes, at_ms, begin_s } of this.planned) {
      // What sounds already may fade away.
      if (at_ms > serverNow() || begin_s > now_s) nodes.forEach((node) => node.disconnect());
    }
    this.planned = [];
  }

  private sign(chime: Chime): void {
    this.ringing.value = chime;
    window.setTimeout(() => (this.ringing.value = null), 3_000);
  }

  private sound(chime: Chime, in_s: number): OscillatorNode[] {
    const { context } = this;
    if (context === null) return [];
    const { attack_s, notes } = SOUNDS[chime];
    const wave = waveOf(context);
    return notes.map((note) => {
      const begin = context.currentTime + in_s + note.at_s;
      const tone = new OscillatorNode(context, { frequency: note.hz });
      tone.setPeriodicWave(wave);
      const envelope = new GainNode(context, { gain: 0 });
      envelope.gain.setValueCurveAtTime(raisedCosine(note.gain), begin, attack_s);
      envelope.gain.exponentialRampToValueAtTime(note.gain / 1_000, begin + attack_s + note.fall_s);
      tone.connect(envelope).connect(this.output(context));
      tone.start(begin);
      tone.stop(begin + attack_s + note.fall_s);
      return tone;
    });
  }

  private output(context: AudioContext): AudioNode {
    if (this.out) return this.out;
    this.out = new GainNode(context, { gain: this.volume.value / VOLUME_AT_FIRST });
    const soft = new BiquadFilterNode(context, { type: "lowpass", frequency: LOWPASS_HZ });
    this.out.connect(soft).connect(context.destination);
    return this.out;
  }
}

function waveOf(context: BaseAudioContext): PeriodicWave {
  const imag = new Float32Array(OVERTONES);
  return new PeriodicWave(context, { real: new Float32Array(imag.length), imag, disableNormalization: true });
}

function raisedCosine(peak: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: 32 }, (_, at) => (peak * (1 - Math.cos((Math.PI * at) / 31))) / 2);
}

/** The chimes of this page. */
export const chimes = new Chimes();

/**
 * One connection to the partner's page, with its channel and its own <video>. It does what it is
 * told and tells what happens; what follows from that is decided in `core/negotiation`.
 */
import { cameraEncoding, type Encoding, type Outgoing, screenEncoding, SOUND_BPS } from "@/core/caps";
import type { Command, Input, Ways } from "@/core/negotiation";
import type { Reading } from "@/core/reading";
import { fingerprintOf, isStillThem } from "@/core/safety";
import type { Signal } from "@/core/wire";
import { type Fingerprints, Pact } from "@/io/pact";
import { type Pulse, Statistics } from "@/io/stats";

/** More than this waiting in the channel means that nothing gets through. */
const CHANNEL_MAX = 1_000_000;

/** What this page sends, in the order of the transceivers. */
export interface Sent {
  readonly audio: MediaStreamTrack | null;
  readonly video: MediaStreamTrack | null;
  readonly screen: MediaStreamTrack | null;
}

/** Who hears what happens. */
export interface Told {
  readonly input: (input: Input) => void;
  /** A frame of the partner's picture was painted. */
  readonly painted: (key: number) => void;
  readonly channel: (key: number, open: boolean) => void;
  readonly received: (data: Uint8Array) => void;
  /** Both pages agreed on these words. */
  readonly agreed: (key: number, words: readonly string[]) => void;
}

type Build = Extract<Command, { t: "build" }>;
type Restart = Extract<Command, { t: "restart" }>;

export class Connection {
  readonly video = remoteVideo();
  /** What the partner shares, once something came. */
  readonly screen = remoteVideo();
  private readonly key: number;
  private readonly peer: RTCPeerConnection;
  private readonly channel: RTCDataChannel;
  private readonly pact: Pact | null;
  private readonly statistics: Statistics;
  private round: number;
  private negotiated = false;
  private closed = false;
  /** Descriptions and parameters change one after the other. */
  private turn: Promise<void> = Promise.resolve();

  /** Throws where the browser makes none. */
  constructor(
    build: Build,
    private sent: Sent,
    private out: Outgoing,
    private readonly told: Told,
  ) {
    const { link } = build;
    this.key = link.key;
    this.round = link.round;
    this.peer = new RTCPeerConnection(configuration(build));
    this.statistics = new Statistics(this.peer);
    this.channel = this.openChannel();
    // Where the relay ends the encryption there is nothing to compare.
    const comparable = link.path === "direct" || link.blind;
    this.pact = comparable ? new Pact(this.peer, () => this.fingerprints(), (words) => told.agreed(this.key, words)) : null;
    this.watch();
    if (link.offer) this.next(() => this.begin());
  }

  get open(): boolean {
    return this.channel.readyState === "open";
  }

  /** Say something to the partner's page; false when it does not get through. */
  say(data: Uint8Array<ArrayBuffer>): boolean {
    if (!this.open || this.channel.bufferedAmount > CHANNEL_MAX) return false;
    try {
      this.channel.send(data);
      return true;
    } catch {
      return false;
    }
  }

  /** Send these from now on, so much of it. */
  use(sent: Sent, out: Outgoing): void {
    this.sent = sent;
    this.out = out;
    this.calmly(() => this.attach());
    this.calmly(() => this.limit());
  }

  /** Find new ways by these servers, and keep everything else. */
  restart({ round, offer, ...ways }: Restart): void {
    this.next(async () => {
      this.round = round;
      this.peer.setConfiguration(configuration(ways));
      if (offer) await this.settle(await this.peer.createOffer({ iceRestart: true }));
    });
  }

  /** Take the other side's description, and answer an offer. */
  describe(kind: "offer" | "answer", sdp: string, round: number): void {
    this.next(async () => {
      if (round !== this.round) return;
      this.mustBeThem(sdp);
      await this.peer.setRemoteDescription({ type: kind, sdp });
      if (kind === "offer") {
        for (const transceiver of this.peer.getTransceivers()) transceiver.direction = "sendrecv";
        await this.attach();
        await this.settle();
      }
      this.negotiated = true;
      const { key, peer } = this;
      this.told.input({ t: "described", key, round });
      // During a restart the state need not change at all.
      if (round > 0) this.told.input({ t: "state", key, state: peer.connectionState });
      await this.limit().catch(() => undefined);
    });
  }

  /** Take one candidate of the other side. */
  async add({ candidate, mid, line }: Signal): Promise<void> {
    try {
      if (candidate === "") await this.peer.addIceCandidate();
      else await this.peer.addIceCandidate({ candidate, sdpMid: mid, sdpMLineIndex: line });
    } catch {
      // One useless candidate is no reason to give a connection up; others may do.
    }
  }

  /** Use this loudspeaker, where the browser lets a page choose. */
  async through(speaker: string): Promise<void> {
    const sink: HTMLVideoElement & { setSinkId?: (id: string) => Promise<void> } = this.video;
    if (speaker !== "") await sink.setSinkId?.(speaker).catch(() => undefined);
  }

  /** What came and went so far. */
  look(): Promise<readonly [Pulse, Reading]> {
    return this.statistics.look();
  }

  /** Whether something comes, for little. */
  pulse(): Promise<Pulse> {
    return this.statistics.pulse();
  }

  close(): void {
    this.closed = true;
    this.pact?.end();
    this.channel.close();
    this.peer.close();
    for (const video of [this.video, this.screen]) {
      video.srcObject = null;
      video.remove();
    }
  }

  private watch(): void {
    const { key, peer, video, told } = this;
    peer.addEventListener("connectionstatechange", () => told.input({ t: "state", key, state: peer.connectionState }));
    peer.addEventListener("icecandidate", ({ candidate }) => this.gathered(candidate));
    const stream = new MediaStream();
    peer.addEventListener("track", ({ track, transceiver }) => {
      // The second video line is for a shared screen and stays empty until somebody shares.
      const shared = peer.getTransceivers().indexOf(transceiver) === 2;
      if (!shared) stream.addTrack(track);
      const shown = shared ? this.screen : video;
      shown.srcObject = shared ? new MediaStream([track]) : stream;
      void shown.play().catch(() => undefined);
    });
    if (!("requestVideoFrameCallback" in video)) return;
    const painted = (): void => {
      if (this.closed) return;
      told.painted(key);
      video.requestVideoFrameCallback(painted);
    };
    video.requestVideoFrameCallback(painted);
  }

  private gathered(candidate: RTCIceCandidate | null): void {
    const { key, round, peer } = this;
    const ufrag = candidate?.usernameFragment ?? "";
    // Found for a round that is over.
    if (ufrag !== "" && !peer.localDescription?.sdp.includes(`a=ice-ufrag:${ufrag}\r\n`)) return;
    this.told.input({
      t: "gathered",
      key,
      round,
      candidate: candidate?.candidate ?? "",
      mid: candidate?.sdpMid ?? "",
      line: candidate?.sdpMLineIndex ?? 0,
    });
  }

  private openChannel(): RTCDataChannel {
    const { key, told } = this;
    const channel = this.peer.createDataChannel("desk", { negotiated: true, id: 0 });
    channel.binaryType = "arraybuffer";
    channel.addEventListener("open", () => told.channel(key, true));
    channel.addEventListener("close", () => told.channel(key, false));
    channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer && !this.closed) told.received(new Uint8Array(data));
    });
    return channel;
  }

  private async begin(): Promise<void> {
    const direction = "sendrecv" as const;
    const { video, screen } = this.sent;
    twice(this.peer.addTransceiver("audio", { direction }));
    this.peer.addTransceiver("video", { direction, sendEncodings: [cameraEncoding(this.out, sizeOf(video))] });
    this.peer.addTransceiver("video", { direction, sendEncodings: [screenEncoding(this.out, sizeOf(screen))] });
    await this.attach();
    await this.settle();
  }

  /** Make the own description and tell it. */
  private async settle(made?: RTCSessionDescriptionInit): Promise<void> {
    await this.peer.setLocalDescription(made);
    const local = this.peer.localDescription;
    if (local === null) throw new Error("no description was made");
    const kind = local.type === "offer" ? "offer" : "answer";
    this.told.input({ t: "made", key: this.key, round: this.round, kind, sdp: local.sdp });
  }

  private async attach(): Promise<void> {
    const { audio, video, screen } = this.sent;
    const [sound, camera, shared] = this.peer.getTransceivers();
    await Promise.all([
      sound?.sender.replaceTrack(audio),
      camera?.sender.replaceTrack(this.out.soundOnly ? null : video),
      shared?.sender.replaceTrack(screen),
    ]);
  }

  /** Some browsers know a sender's parameters only once the descriptions are there. */
  private async limit(): Promise<void> {
    if (!this.negotiated) return;
    const [sound, camera, shared] = this.peer.getTransceivers();
    await cap(sound?.sender, { maxBitrate: SOUND_BPS });
    await cap(camera?.sender, cameraEncoding(this.out, sizeOf(this.sent.video)), "balanced");
    await cap(shared?.sender, screenEncoding(this.out, sizeOf(this.sent.screen)), "maintain-resolution");
  }

  /** A connection stays with whom it was made; with anybody else another one is made. */
  private mustBeThem(sdp: string): void {
    const before = this.peer.currentRemoteDescription;
    if (before !== null && !isStillThem(before.sdp, sdp)) throw new Error("another certificate");
  }

  private fingerprints(): Fingerprints | null {
    const { currentLocalDescription: mine, currentRemoteDescription: others } = this.peer;
    const [own, theirs] = [mine, others].map((each) => fingerprintOf(each?.sdp ?? ""));
    return own && theirs ? { own, theirs } : null;
  }

  /** What has to work, or the connection does not. */
  private next(work: () => Promise<void>): void {
    this.turn = this.turn.then(work).catch(() => {
      // What was closed meanwhile did not break.
      if (this.peer.signalingState !== "closed") this.told.input({ t: "broken", key: this.key });
    });
  }

  /** What may not work without harm. */
  private calmly(work: () => Promise<void>): void {
    this.turn = this.turn.then(work).catch(() => undefined);
  }
}

function configuration({ servers, relay_only }: Ways): RTCConfiguration {
  return {
    iceServers: servers.map((server) => ({ ...server, urls: [...server.urls] })),
    iceTransportPolicy: relay_only ? "relay" : "all",
    bundlePolicy: "max-bundle",
  };
}

type Preference = "balanced" | "maintain-resolution";

async function cap(sender: RTCRtpSender | undefined, most: Partial<Encoding>, prefer?: Preference): Promise<void> {
  const parameters = sender?.getParameters();
  if (sender === undefined || parameters === undefined || parameters.encodings.length === 0) return;
  for (const each of parameters.encodings) Object.assign(each, most);
  const whole = prefer === undefined ? parameters : { ...parameters, degradationPreference: prefer };
  await sender.setParameters(whole).catch(() => undefined);
}

const sizeOf = (track: MediaStreamTrack | null): MediaTrackSettings => track?.getSettings() ?? {};

function remoteVideo(): HTMLVideoElement {
  const video = document.createElement("video");
  video.autoplay = true;
  video.playsInline = true;
  // Until it is the one shown, the old connection is the one heard.
  video.muted = true;
  return video;
}

/**
 * Ask for sound that is sent twice (RED, RFC 2198), where the browser can: a lost packet's sound is
 * in the next one. The answer keeps the order of the offer.
 */
function twice(audio: RTCRtpTransceiver): void {
  const codecs = RTCRtpReceiver.getCapabilities("audio")?.codecs ?? [];
  const red = codecs.filter((codec) => codec.mimeType.toLowerCase() === "audio/red");
  if (red.length === 0 || !("setCodecPreferences" in audio)) return;
  audio.setCodecPreferences([...red, ...codecs.filter((codec) => !red.includes(codec))]);
}

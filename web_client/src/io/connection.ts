/**
 * One connection to the partner's page, with its channel and its own <video>. It does what it is
 * told and tells what happens; what follows from that is decided in `core/negotiation`.
 */
import type { Sample } from "@/core/sight";
import type { Command, Input } from "@/core/negotiation";
import type { Signal } from "@/core/wire";
import { decoded, sample } from "@/io/stats";

/** Enough for a face at a desk, light enough for a hotel's network. */
const VIDEO_BPS = 450_000;
const VIDEO_FPS = 24;
/** More than this waiting in the channel means that nothing gets through. */
const CHANNEL_MAX = 1_000_000;
const LOOK_EVERY_MS = 250;

/** What this page sends, in the order of the transceivers. */
export interface Tracks {
  readonly audio: MediaStreamTrack | null;
  readonly video: MediaStreamTrack | null;
}

/** Who hears what happens. */
export interface Told {
  readonly input: (input: Input) => void;
  readonly channel: (key: number, open: boolean) => void;
  readonly received: (data: Uint8Array) => void;
}

type Build = Extract<Command, { t: "build" }>;

export class Connection {
  readonly video = remoteVideo();
  private readonly key: number;
  private readonly peer: RTCPeerConnection;
  private readonly channel: RTCDataChannel;
  private readonly looking: number;

  /** Throws where the browser makes none. */
  constructor(
    { link, servers, relay_only }: Build,
    private tracks: Tracks,
    private readonly told: Told,
  ) {
    this.key = link.key;
    this.peer = new RTCPeerConnection({
      iceServers: servers.map((server) => ({ ...server, urls: [...server.urls] })),
      iceTransportPolicy: relay_only ? "relay" : "all",
      bundlePolicy: "max-bundle",
    });
    this.channel = this.openChannel();
    this.looking = window.setInterval(() => void this.look(), LOOK_EVERY_MS);
    this.watch();
    if (link.offer) void this.offer();
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

  /** Send these from now on. */
  use(tracks: Tracks): void {
    this.tracks = tracks;
    void this.attach();
  }

  /** Take the other side's description, and answer an offer. */
  async describe(kind: "offer" | "answer", sdp: string): Promise<void> {
    try {
      await this.peer.setRemoteDescription({ type: kind, sdp });
      if (kind === "offer") {
        for (const transceiver of this.peer.getTransceivers()) transceiver.direction = "sendrecv";
        await this.attach();
        await this.settle();
      }
      await this.limit();
      this.told.input({ t: "described", key: this.key });
    } catch {
      this.told.input({ t: "broken", key: this.key });
    }
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

  /** Its picture is the one shown now. */
  shown(): void {
    window.clearInterval(this.looking);
  }

  /** Use this loudspeaker, where the browser lets a page choose. */
  async through(speaker: string): Promise<void> {
    const sink: HTMLVideoElement & { setSinkId?: (id: string) => Promise<void> } = this.video;
    if (speaker !== "") await sink.setSinkId?.(speaker).catch(() => undefined);
  }

  framesDecoded(): Promise<number> {
    return decoded(this.peer);
  }

  sample(): Promise<Sample> {
    return sample(this.peer, performance.now());
  }

  close(): void {
    window.clearInterval(this.looking);
    this.channel.close();
    this.peer.close();
    this.video.srcObject = null;
    this.video.remove();
  }

  private watch(): void {
    const { key, peer, video, told } = this;
    peer.addEventListener("connectionstatechange", () => told.input({ t: "state", key, state: peer.connectionState }));
    peer.addEventListener("icecandidate", ({ candidate }) => {
      told.input({
        t: "gathered",
        key,
        candidate: candidate?.candidate ?? "",
        mid: candidate?.sdpMid ?? "",
        line: candidate?.sdpMLineIndex ?? 0,
      });
    });
    const stream = new MediaStream();
    peer.addEventListener("track", ({ track, transceiver }) => {
      // The second video line is for a shared screen and stays empty until somebody shares.
      const first = peer.getTransceivers().findIndex((each) => each.receiver.track.kind === track.kind);
      if (peer.getTransceivers()[first] !== transceiver) return;
      stream.addTrack(track);
      video.srcObject = stream;
      void video.play().catch(() => undefined);
    });
    if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(() => told.input({ t: "frame", key }));
  }

  private openChannel(): RTCDataChannel {
    const { key, told } = this;
    const channel = this.peer.createDataChannel("desk", { negotiated: true, id: 0 });
    channel.binaryType = "arraybuffer";
    channel.addEventListener("open", () => told.channel(key, true));
    channel.addEventListener("close", () => told.channel(key, false));
    channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) told.received(new Uint8Array(data));
    });
    return channel;
  }

  private async offer(): Promise<void> {
    try {
      const direction = "sendrecv" as const;
      this.peer.addTransceiver("audio", { direction });
      this.peer.addTransceiver("video", { direction, sendEncodings: [encoding()] });
      this.peer.addTransceiver("video", { direction });
      await this.attach();
      await this.settle();
    } catch {
      this.told.input({ t: "broken", key: this.key });
    }
  }

  /** Make the own description and tell it. */
  private async settle(): Promise<void> {
    await this.peer.setLocalDescription();
    const made = this.peer.localDescription;
    if (made === null) throw new Error("no description was made");
    this.told.input({ t: "made", key: this.key, kind: made.type === "offer" ? "offer" : "answer", sdp: made.sdp });
  }

  private async attach(): Promise<void> {
    const [audio, video] = this.peer.getTransceivers();
    await Promise.all([
      audio?.sender.replaceTrack(this.tracks.audio),
      video?.sender.replaceTrack(this.tracks.video),
    ]).catch(() => undefined);
  }

  /** The side that answers can only limit its picture once the description is there. */
  private async limit(): Promise<void> {
    const sender = this.peer.getTransceivers()[1]?.sender;
    if (sender === undefined) return;
    const parameters = sender.getParameters();
    for (const each of parameters.encodings) Object.assign(each, encoding());
    await sender.setParameters(parameters).catch(() => undefined);
  }

  /** A page in the background is painted no frames; there, decoded ones count. */
  private async look(): Promise<void> {
    const unseen = document.hidden || !("requestVideoFrameCallback" in this.video);
    if (unseen && (await decoded(this.peer)) > 0) this.told.input({ t: "frame", key: this.key });
  }
}

function remoteVideo(): HTMLVideoElement {
  const video = document.createElement("video");
  video.autoplay = true;
  video.playsInline = true;
  // Until it is the one shown, the old connection is the one heard.
  video.muted = true;
  return video;
}

function encoding(): RTCRtpEncodingParameters {
  return { maxBitrate: VIDEO_BPS, maxFramerate: VIDEO_FPS };
}

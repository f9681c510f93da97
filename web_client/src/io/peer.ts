/**
 * The connections to the partner's page: carries out what `core/negotiation` decides.
 *
 * Each connection has its own <video>, which the view puts into the partner's tile; so the picture
 * that replaces another one has already been painted when it does.
 */
import { computed, signal } from "@preact/signals";

import { type Command, due, IDLE, type Input, type Link, step } from "@/core/negotiation";
import type { ClientMessage } from "@/core/wire";

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

export interface Figures {
  readonly gen: number;
  readonly path: string;
  readonly framesDecoded: number;
  readonly channelOpen: boolean;
}

interface Live {
  readonly connection: RTCPeerConnection;
  readonly channel: RTCDataChannel;
  readonly video: HTMLVideoElement;
  readonly looking: number;
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
  private readonly lives = signal<ReadonlyMap<number, Live>>(new Map());
  private readonly open = signal<readonly number[]>([]);
  private tracks: Tracks = { audio: null, video: null };
  private alarm = 0;
  private speaker = "";

  /** The picture shown, and the one being painted beneath it. */
  readonly shown = computed(() => this.elementOf(this.state.value.shown));
  readonly coming = computed(() => this.elementOf(this.state.value.coming));
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

  constructor(private readonly outlet: Outlet) {}

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
    for (const { connection } of this.lives.value.values()) void this.attach(connection);
  }

  /** Say something to the partner's page; false when no channel is open. */
  say(data: Uint8Array<ArrayBuffer>): boolean {
    const channel = this.bestChannel();
    if (channel === null || channel.bufferedAmount > CHANNEL_MAX) return false;
    try {
      channel.send(data);
      return true;
    } catch {
      return false;
    }
  }

  /** The connection shown, while it works. */
  alive(): Link | null {
    const link = this.state.peek().shown;
    return link === null || link.failed || link.lost_ms > 0 ? null : link;
  }

  /** Close every connection. */
  close(): void {
    window.clearTimeout(this.alarm);
    this.input({ t: "parted" });
  }

  /** Use this loudspeaker, where the browser lets a page choose. */
  through(speaker: string): void {
    this.speaker = speaker;
    for (const { video } of this.lives.value.values()) void route(video, speaker);
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
    const live = link && this.lives.value.get(link.key);
    const framesDecoded = live ? await decoded(live.connection) : 0;
    return { gen: link?.gen ?? 0, path: link?.path ?? "", framesDecoded, channelOpen: this.channelOpen.value };
  }

  private elementOf(link: Link | null): HTMLVideoElement | null {
    return link === null ? null : (this.lives.value.get(link.key)?.video ?? null);
  }

  private bestChannel(): RTCDataChannel | null {
    const { shown, coming } = this.state.value;
    for (const link of [shown, coming]) {
      const live = link && !link.failed ? this.lives.value.get(link.key) : undefined;
      if (live?.channel.readyState === "open") return live.channel;
    }
    return null;
  }

  private run(command: Command): void {
    switch (command.t) {
      case "build":
        return this.build(command);
      case "describe":
        return void this.describe(command);
      case "add":
        return void this.add(command);
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

  private build({ link, servers, relay_only }: Extract<Command, { t: "build" }>): void {
    const { key } = link;
    let connection: RTCPeerConnection;
    try {
      connection = new RTCPeerConnection({
        iceServers: servers.map((server) => ({ ...server, urls: [...server.urls] })),
        iceTransportPolicy: relay_only ? "relay" : "all",
        bundlePolicy: "max-bundle",
      });
    } catch {
      queueMicrotask(() => this.input({ t: "broken", key }));
      return;
    }
    const channel = this.channelOf(key, connection);
    const video = remoteVideo();
    void route(video, this.speaker);
    const looking = window.setInterval(() => void this.look(key), LOOK_EVERY_MS);
    this.lives.value = new Map(this.lives.value).set(key, { connection, channel, video, looking });
    this.watch(key, connection, video);
    if (link.offer) void this.offer(key, connection);
  }

  private watch(key: number, connection: RTCPeerConnection, video: HTMLVideoElement): void {
    connection.addEventListener("connectionstatechange", () => {
      this.input({ t: "state", key, state: connection.connectionState });
    });
    connection.addEventListener("icecandidate", ({ candidate }) => {
      this.input({
        t: "gathered",
        key,
        candidate: candidate?.candidate ?? "",
        mid: candidate?.sdpMid ?? "",
        line: candidate?.sdpMLineIndex ?? 0,
      });
    });
    const stream = new MediaStream();
    connection.addEventListener("track", ({ track, transceiver }) => {
      // The second video line is for a shared screen and stays empty until somebody shares.
      const first = connection.getTransceivers().findIndex((each) => each.receiver.track.kind === track.kind);
      if (connection.getTransceivers()[first] !== transceiver) return;
      stream.addTrack(track);
      video.srcObject = stream;
      void video.play().catch(() => undefined);
    });
    if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(() => this.input({ t: "frame", key }));
  }

  private channelOf(key: number, connection: RTCPeerConnection): RTCDataChannel {
    const channel = connection.createDataChannel("desk", { negotiated: true, id: 0 });
    channel.binaryType = "arraybuffer";
    channel.addEventListener("open", () => {
      this.open.value = [...this.open.value, key];
      this.outlet.opened();
    });
    channel.addEventListener("close", () => (this.open.value = this.open.value.filter((each) => each !== key)));
    channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) this.outlet.received(new Uint8Array(data));
    });
    return channel;
  }

  private async offer(key: number, connection: RTCPeerConnection): Promise<void> {
    try {
      const direction = "sendrecv" as const;
      connection.addTransceiver("audio", { direction });
      connection.addTransceiver("video", { direction, sendEncodings: [encoding()] });
      connection.addTransceiver("video", { direction });
      await this.attach(connection);
      await this.settle(key, connection);
    } catch {
      this.input({ t: "broken", key });
    }
  }

  private async describe({ key, kind, sdp }: Extract<Command, { t: "describe" }>): Promise<void> {
    const live = this.lives.value.get(key);
    if (live === undefined) return;
    const { connection } = live;
    try {
      await connection.setRemoteDescription({ type: kind, sdp });
      if (kind === "offer") {
        for (const transceiver of connection.getTransceivers()) transceiver.direction = "sendrecv";
        await this.attach(connection);
        await this.settle(key, connection);
      }
      await limit(connection);
      this.input({ t: "described", key });
    } catch {
      this.input({ t: "broken", key });
    }
  }

  /** Make the own description and tell it. */
  private async settle(key: number, connection: RTCPeerConnection): Promise<void> {
    await connection.setLocalDescription();
    const made = connection.localDescription;
    if (made === null) throw new Error("no description was made");
    this.input({ t: "made", key, kind: made.type === "offer" ? "offer" : "answer", sdp: made.sdp });
  }

  private async add({ key, signal }: Extract<Command, { t: "add" }>): Promise<void> {
    const live = this.lives.value.get(key);
    if (live === undefined) return;
    const { candidate, mid, line } = signal;
    try {
      if (candidate === "") await live.connection.addIceCandidate();
      else await live.connection.addIceCandidate({ candidate, sdpMid: mid, sdpMLineIndex: line });
    } catch {
      // One useless candidate is no reason to give a connection up; others may do.
    }
  }

  private async attach(connection: RTCPeerConnection): Promise<void> {
    const [audio, video] = connection.getTransceivers();
    await Promise.all([
      audio?.sender.replaceTrack(this.tracks.audio),
      video?.sender.replaceTrack(this.tracks.video),
    ]).catch(() => undefined);
  }

  /** A page in the background is painted no frames; there, decoded ones count. */
  private async look(key: number): Promise<void> {
    const live = this.lives.value.get(key);
    if (live === undefined || this.state.value.coming?.key !== key) return;
    const unseen = document.hidden || !("requestVideoFrameCallback" in live.video);
    if (unseen && (await decoded(live.connection)) > 0) this.input({ t: "frame", key });
  }

  private show(key: number): void {
    for (const [each, { video, looking }] of this.lives.value) {
      if (each === key) window.clearInterval(looking);
      else video.muted = true;
    }
    void this.hear();
  }

  private shut(key: number): void {
    const live = this.lives.value.get(key);
    if (live === undefined) return;
    this.lives.value = new Map([...this.lives.value].filter(([each]) => each !== key));
    window.clearInterval(live.looking);
    this.open.value = this.open.value.filter((each) => each !== key);
    live.channel.close();
    live.connection.close();
    live.video.srcObject = null;
    live.video.remove();
  }
}

async function route(video: HTMLVideoElement, speaker: string): Promise<void> {
  const sink: HTMLVideoElement & { setSinkId?: (id: string) => Promise<void> } = video;
  if (speaker !== "") await sink.setSinkId?.(speaker).catch(() => undefined);
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

/** The side that answers can only limit its picture once the description is there. */
async function limit(connection: RTCPeerConnection): Promise<void> {
  const sender = connection.getTransceivers()[1]?.sender;
  if (sender === undefined) return;
  const parameters = sender.getParameters();
  for (const each of parameters.encodings) Object.assign(each, encoding());
  await sender.setParameters(parameters).catch(() => undefined);
}

async function decoded(connection: RTCPeerConnection): Promise<number> {
  let frames = 0;
  if (connection.connectionState === "closed") return 0;
  (await connection.getStats()).forEach((report: { type: string; kind?: string; framesDecoded?: number }) => {
    if (report.type === "inbound-rtp" && report.kind === "video") frames += report.framesDecoded ?? 0;
  });
  return frames;
}

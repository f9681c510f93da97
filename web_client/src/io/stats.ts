/** What a connection's statistics say, read once for everybody who wants to know. */
import type { Limited, Reading } from "@/core/reading";
import type { Sample } from "@/core/sight";

/** The few fields of a report that are looked at; which of them are there depends on its type. */
interface Report {
  readonly id: string;
  readonly type: string;
  readonly kind?: string;
  readonly mid?: string;
  readonly framesDecoded?: number;
  readonly framesEncoded?: number;
  readonly frameWidth?: number;
  readonly frameHeight?: number;
  readonly packetsLost?: number;
  readonly packetsReceived?: number;
  readonly bytesReceived?: number;
  readonly bytesSent?: number;
  readonly headerBytesReceived?: number;
  readonly headerBytesSent?: number;
  readonly jitter?: number;
  readonly freezeCount?: number;
  readonly totalFreezesDuration?: number;
  readonly fractionLost?: number;
  readonly roundTripTimeMeasurements?: number;
  readonly reportsSent?: number;
  readonly qualityLimitationReason?: string;
  readonly selectedCandidatePairId?: string;
  readonly nominated?: boolean;
  readonly state?: string;
  readonly currentRoundTripTime?: number;
  readonly responsesReceived?: number;
  readonly availableOutgoingBitrate?: number;
  readonly localCandidateId?: string;
  readonly candidateType?: string;
}

type Reports = readonly Report[];

const sum = (all: Reports, of: (report: Report) => number | undefined): number =>
  all.reduce((total, each) => total + (of(each) ?? 0), 0);

const most = (all: Reports, of: (report: Report) => number | undefined): number => Math.max(0, ...all.map((each) => of(each) ?? 0));

/** The camera's line is the second one; a shared screen has the third. */
const isScreen = ({ kind, mid }: Report): boolean => kind === "video" && mid === "2";

const of = (all: Reports, type: string, kind: string): Reports =>
  all.filter((each) => each.type === type && each.kind === kind && !isScreen(each));

/** What tells at once whether something comes: the picture so far, and the packets of everything. */
export interface Pulse extends Sample {
  readonly packets: number;
}

/**
 * The statistics of one connection. A browser gathers them elsewhere, but turning them into objects costs
 * this page's own thread: so most looks take the few reports of what comes in, and only some take all.
 */
export class Statistics {
  /** The reports of what comes in, as found by the latest whole look. */
  private inbound: readonly string[] = [];
  private round_trip_ms = 0;

  constructor(private readonly connection: RTCPeerConnection) {}

  /** Cheap enough for ten a second. */
  async pulse(): Promise<Pulse> {
    if (this.inbound.length === 0) return (await this.look())[0];
    const found: ReadonlyMap<string, Report> | null = await this.read();
    const inbound = this.inbound.map((id) => found?.get(id)).filter((report) => report !== undefined);
    return this.pulseOf(inbound, performance.now());
  }

  /** Everything there is. */
  async look(): Promise<readonly [Pulse, Reading]> {
    const all: Report[] = [];
    (await this.read())?.forEach((report: Report) => all.push(report));
    const inbound = all.filter(({ type }) => type === "inbound-rtp");
    const now = reading(all, performance.now());
    this.inbound = inbound.map(({ id }) => id);
    this.round_trip_ms = now.round_trip_ms;
    return [this.pulseOf(inbound, now.at_ms), now];
  }

  private async read(): Promise<RTCStatsReport | null> {
    return this.connection.connectionState === "closed" ? null : await this.connection.getStats();
  }

  private pulseOf(inbound: Reports, at_ms: number): Pulse {
    const picture = of(inbound, "inbound-rtp", "video");
    return {
      at_ms,
      packets: sum(inbound, (each) => each.packetsReceived),
      frames: sum(picture, (each) => each.framesDecoded),
      lost: sum(picture, (each) => each.packetsLost),
      received: sum(picture, (each) => each.packetsReceived),
      round_trip_ms: this.round_trip_ms,
    };
  }
}

function reading(all: Reports, at_ms: number): Reading {
  const [picture, sound] = [of(all, "inbound-rtp", "video"), of(all, "inbound-rtp", "audio")];
  const sent = of(all, "outbound-rtp", "video");
  const theirs = all.filter(({ type }) => type === "remote-inbound-rtp");
  const pair = pairOf(all);
  return {
    at_ms,
    frames: sum(picture, (each) => each.framesDecoded),
    lost: sum(picture, (each) => each.packetsLost),
    received: sum(picture, (each) => each.packetsReceived),
    round_trip_ms: (pair?.currentRoundTripTime ?? 0) * 1_000,
    sound: sum(sound, (each) => each.packetsReceived),
    sound_lost: sum(sound, (each) => each.packetsLost),
    picture_bytes: sum(picture, (each) => each.bytesReceived),
    in_bytes: sum(all.filter(({ type }) => type === "inbound-rtp"), bytesIn),
    out_bytes: sum(all.filter(({ type }) => type === "outbound-rtp"), bytesOut),
    reports: sum(theirs, (each) => each.roundTripTimeMeasurements) + sum(all, (each) => each.reportsSent) + (pair?.responsesReceived ?? 0),
    jitter_ms: most([...picture, ...sound], (each) => each.jitter) * 1_000,
    freezes: sum(picture, (each) => each.freezeCount),
    frozen_ms: sum(picture, (each) => each.totalFreezesDuration) * 1_000,
    frames_out: sum(sent, (each) => each.framesEncoded),
    out_missed: Math.min(1, most(theirs, (each) => each.fractionLost)),
    limited: limitedBy(sent),
    room_bps: pair?.availableOutgoingBitrate ?? 0,
    width: most(picture, (each) => each.frameWidth),
    height: most(picture, (each) => each.frameHeight),
    turn: all.some(({ id, candidateType }) => id === pair?.localCandidateId && candidateType === "relay"),
  };
}

const bytesIn = (each: Report): number => (each.bytesReceived ?? 0) + (each.headerBytesReceived ?? 0);
const bytesOut = (each: Report): number => (each.bytesSent ?? 0) + (each.headerBytesSent ?? 0);

/** The pair in use; where the browser does not name it, the nominated one that works. */
function pairOf(all: Reports): Report | undefined {
  const chosen = all.find(({ type, selectedCandidatePairId }) => type === "transport" && selectedCandidatePairId !== undefined);
  const pairs = all.filter(({ type }) => type === "candidate-pair");
  return (
    pairs.find(({ id }) => id === chosen?.selectedCandidatePairId) ??
    pairs.find(({ nominated, state }) => nominated === true && state === "succeeded")
  );
}

const REASONS: ReadonlySet<string> = new Set(["cpu", "bandwidth", "other"]);

function limitedBy(sent: Reports): Limited {
  const reason = sent.map((each) => each.qualityLimitationReason ?? "none").find((each) => REASONS.has(each));
  return (reason ?? "none") as Limited;
}

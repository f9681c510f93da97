/** What a connection's statistics say, read once for everybody who wants to know. */
import type { Limited, Reading } from "@/core/reading";

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

async function reports(connection: RTCPeerConnection): Promise<Reports> {
  if (connection.connectionState === "closed") return [];
  const found: Report[] = [];
  (await connection.getStats()).forEach((report: Report) => found.push(report));
  return found;
}

const sum = (all: Reports, of: (report: Report) => number | undefined): number =>
  all.reduce((total, each) => total + (of(each) ?? 0), 0);

const most = (all: Reports, of: (report: Report) => number | undefined): number => Math.max(0, ...all.map((each) => of(each) ?? 0));

/** The camera's line is the second one; a shared screen has the third. */
const isScreen = ({ kind, mid }: Report): boolean => kind === "video" && mid === "2";

const of = (all: Reports, type: string, kind: string): Reports =>
  all.filter((each) => each.type === type && each.kind === kind && !isScreen(each));

/** Packets of sound and picture, and frames of the picture, so far. */
export interface Pulse {
  readonly packets: number;
  readonly frames: number;
}

/** One look, cheap enough for ten a second: about half a millisecond, none of it on the page's own thread. */
export async function look(connection: RTCPeerConnection, at_ms: () => number): Promise<readonly [Pulse, Reading]> {
  const all = await reports(connection);
  const inbound = all.filter(({ type }) => type === "inbound-rtp");
  const packets = sum(inbound, (each) => each.packetsReceived);
  const now = reading(all, at_ms());
  return [{ packets, frames: now.frames }, now];
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

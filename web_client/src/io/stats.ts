/** What a connection's statistics say of the partner's picture. */
import type { Sample } from "@/core/sight";

/** The few fields of a report that are looked at; which of them are there depends on its type. */
interface Report {
  readonly type: string;
  readonly kind?: string;
  readonly framesDecoded?: number;
  readonly packetsLost?: number;
  readonly packetsReceived?: number;
  readonly nominated?: boolean;
  readonly currentRoundTripTime?: number;
}

async function reports(connection: RTCPeerConnection): Promise<readonly Report[]> {
  if (connection.connectionState === "closed") return [];
  const found: Report[] = [];
  (await connection.getStats()).forEach((report: Report) => found.push(report));
  return found;
}

const sum = (all: readonly Report[], of: (report: Report) => number | undefined): number =>
  all.reduce((total, each) => total + (of(each) ?? 0), 0);

const pictures = (all: readonly Report[]): readonly Report[] =>
  all.filter(({ type, kind }) => type === "inbound-rtp" && kind === "video");

/** Frames of the partner's picture so far. */
export async function decoded(connection: RTCPeerConnection): Promise<number> {
  return sum(pictures(await reports(connection)), (each) => each.framesDecoded);
}

/** How the partner's picture has come so far. */
export async function sample(connection: RTCPeerConnection, at_ms: number): Promise<Sample> {
  const all = await reports(connection);
  const video = pictures(all);
  const trips = all.filter(({ type, nominated }) => type === "candidate-pair" && nominated === true);
  return {
    at_ms,
    frames: sum(video, (each) => each.framesDecoded),
    lost: sum(video, (each) => each.packetsLost),
    received: sum(video, (each) => each.packetsReceived),
    round_trip_ms: Math.max(0, ...trips.map((each) => (each.currentRoundTripTime ?? 0) * 1_000)),
  };
}

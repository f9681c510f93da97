/**
 * Tries how this browser reaches a partner: sends connectivity checks to a relay worker and looks which
 * come back, straight or through a TURN server. The connection for it is gone afterwards.
 */
import { answerOf, detailsOf, type Found, foundIn, isEnough, type Offer, type Reach, type Stat, type Step, stepAt, wayOf } from "@/core/reach";
import { canConnect } from "@/io/probes";

const ASK_WITHIN_MS = 6_000;
const LOOK_EVERY_MS = 150;
/** Two connections of one page need no network; a browser that allows them connects them in no time. */
const ALONE_WITHIN_MS = 3_000;

const NOT_TRIED: Reach = { way: "untried", details: [] };
const BLOCKED: Reach = { way: "blocked", details: [] };

/** Try it once. What comes of it after `ended` counts for nothing. */
export async function reach(tell: (step: Step) => void, ended: AbortSignal): Promise<Reach> {
  if (typeof RTCPeerConnection === "undefined") return BLOCKED;
  tell("looking");
  const offer = await ask(ended);
  if (offer === null) return NOT_TRIED;
  const found = await tryOut(offer, tell, ended).catch(() => null);
  if (found === null) return BLOCKED;
  const way = wayOf(offer, found);
  // Is it the network, or a browser that lets no page make calls?
  if ((way === "nothing" || way === "silent") && !ended.aborted && !(await canConnect(ALONE_WITHIN_MS))) return BLOCKED;
  return { way, details: detailsOf(offer, found) };
}

/** What may be tried, or nothing: a server that does not answer now says nothing about the line. */
async function ask(ended: AbortSignal): Promise<Offer | null> {
  const patience = new AbortController();
  const stop = (): void => patience.abort();
  const timer = window.setTimeout(stop, ASK_WITHIN_MS);
  ended.addEventListener("abort", stop);
  try {
    const answer = await fetch("/probe", { method: "POST", credentials: "same-origin", signal: patience.signal });
    return answer.ok ? ((await answer.json()) as Offer) : null;
  } catch {
    return null;
  } finally {
    window.clearTimeout(timer);
    ended.removeEventListener("abort", stop);
  }
}

async function tryOut(offer: Offer, tell: (step: Step) => void, ended: AbortSignal): Promise<Found> {
  const peer = new RTCPeerConnection({
    iceServers: offer.ice_servers.map((server) => ({ ...server, urls: [...server.urls] })),
  });
  try {
    peer.createDataChannel("check");
    await peer.setLocalDescription();
    if (offer.leg !== null) await peer.setRemoteDescription({ type: "answer", sdp: answerOf(offer.leg) });
    return await watched(peer, tell, ended);
  } finally {
    peer.close();
  }
}

/** Look at it until enough is known. */
async function watched(peer: RTCPeerConnection, tell: (step: Step) => void, ended: AbortSignal): Promise<Found> {
  const began = performance.now();
  let turned: number | null = null;
  for (;;) {
    const passed = performance.now() - began;
    tell(stepAt(passed));
    const found = foundIn(await look(peer));
    if (found.answered === "turn") turned ??= passed;
    if (isEnough(found, passed, turned, ended.aborted || isOver(peer))) return found;
    await new Promise((resolve) => window.setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Nothing more can come: all is gathered, and there is nobody to reach, or nobody was. */
function isOver(peer: RTCPeerConnection): boolean {
  const { iceGatheringState, iceConnectionState, remoteDescription } = peer;
  return iceGatheringState === "complete" && (remoteDescription === null || iceConnectionState === "failed");
}

async function look(peer: RTCPeerConnection): Promise<readonly Stat[]> {
  const stats: Stat[] = [];
  (await peer.getStats()).forEach((each: Stat) => stats.push(each));
  return stats;
}

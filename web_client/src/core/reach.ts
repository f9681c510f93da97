/**
 * How this browser reaches a partner, concluded from packets that were sent and came back.
 *
 * The hub names its ICE servers and one end of a relay worker that answers connectivity checks for some
 * seconds (`POST /probe`). The page builds that end's description here, so its own goes to nobody.
 */

/** A worker's end. */
export interface Leg {
  readonly ufrag: string;
  readonly pwd: string;
  readonly fingerprint: string;
  readonly host: string;
  readonly port: number;
  readonly more: readonly (readonly [host: string, port: number])[];
}

/** What may be tried. */
export interface Offer {
  readonly ice_servers: readonly { readonly urls: readonly string[]; readonly username: string; readonly credential: string }[];
  /** Null: no worker has room for a try now. */
  readonly leg: Leg | null;
  /** Why no call of this member goes from page to page, if that is so. */
  readonly relayed: "" | "hidden" | "all";
}

/** The worker's end as an answer to an offer of one data channel. It is ICE-lite and waits for DTLS. */
export function answerOf({ ufrag, pwd, fingerprint, host, port, more }: Leg): string {
  const places = [[host, port] as const, ...more];
  const lines = [
    "v=0",
    "o=- 1 1 IN IP4 0.0.0.0",
    "s=-",
    "t=0 0",
    "a=group:BUNDLE 0",
    "a=ice-lite",
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "c=IN IP4 0.0.0.0",
    "a=mid:0",
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`,
    `a=fingerprint:${fingerprint}`,
    "a=setup:passive",
    "a=sctp-port:5000",
    ...places.map(([at, by], n) => `a=candidate:${n + 1} 1 udp ${2_130_706_431 - n} ${at} ${by} typ host`),
    "a=end-of-candidates",
  ];
  return `${lines.join("\r\n")}\r\n`;
}

/** The parts of a connection's statistics that are looked at. */
export interface Stat {
  readonly id: string;
  readonly type: string;
  readonly state?: string;
  readonly localCandidateId?: string;
  readonly currentRoundTripTime?: number;
  readonly candidateType?: string;
  readonly relayProtocol?: string;
}

/** Which packets came back. */
export interface Found {
  /** Which way the worker's answer came: straight, or through a TURN server. */
  readonly answered: "" | "straight" | "turn";
  readonly round_ms: number | null;
  /** A STUN server said how the world sees this browser. */
  readonly stun: boolean;
  /** How a TURN server was reached; empty when none was. */
  readonly turn: string;
}

export function foundIn(stats: readonly Stat[]): Found {
  const local = new Map(stats.filter(({ type }) => type === "local-candidate").map((each) => [each.id, each]));
  const kindOf = ({ localCandidateId }: Stat) => local.get(localCandidateId ?? "")?.candidateType;
  const good = stats.filter(({ type, state }) => type === "candidate-pair" && state === "succeeded");
  const straight = good.find((pair) => kindOf(pair) !== "relay");
  const seconds = (straight ?? good[0])?.currentRoundTripTime;
  const relayed = [...local.values()].find(({ candidateType }) => candidateType === "relay");
  return {
    answered: straight ? "straight" : good.length > 0 ? "turn" : "",
    round_ms: seconds === undefined ? null : Math.round(seconds * 1_000),
    stun: [...local.values()].some(({ candidateType }) => candidateType === "srflx"),
    turn: relayed ? (relayed.relayProtocol ?? "turn") : "",
  };
}

/** Nothing better can come once the straight way answers; so long a better one is waited for otherwise. */
const BETTER_MS = 1_000;
/** Longer than one lost packet takes to be repeated: then it is not the first one that was lost. */
const LONGER_MS = 2_500;
/** A network that lets a call through does so within this, TURN over TLS and a lost packet included. */
export const PATIENCE_MS = 8_000;

/** Where a try stands; `turned_ms` is when the relay was first heard through TURN, `over` that nothing more can come. */
export function isEnough(found: Found, passed_ms: number, turned_ms: number | null, over: boolean): boolean {
  if (found.answered === "straight" || over || passed_ms >= PATIENCE_MS) return true;
  return turned_ms !== null && passed_ms - turned_ms >= BETTER_MS;
}

/** What is shown of a try that goes on. */
export type Step = "looking" | "trying" | "longer";

export const stepAt = (passed_ms: number): Step => (passed_ms < LONGER_MS ? "trying" : "longer");

/**
 * What came of it. `good`: straight to a partner or by the relay. `hidden`, `all`: by the relay alone, as
 * the member or the instance wants it. `relay`: by TURN alone. `half`: straight at best, as the relay does
 * not answer. `nothing`: of several that were asked nobody answers, so it is this network. `silent`: the relay
 * does not, and nothing tells whose fault that is. `blocked`: not even this browser can.
 */
export type Way = "good" | "hidden" | "all" | "relay" | "half" | "nothing" | "silent" | "blocked" | "untried";

export function wayOf(offer: Offer, { answered, stun, turn }: Found): Way {
  const { leg, relayed } = offer;
  if (answered === "straight") return relayed || "good";
  if (answered === "turn") return "relay";
  // Two pages can meet at a TURN server, but only where they may meet without a worker.
  if (turn !== "" && relayed === "") return "relay";
  if (leg === null) return "untried";
  if (stun && relayed === "") return "half";
  const heard = stun || turn !== "";
  return heard || !asksOthers(offer) ? "silent" : "nothing";
}

/** Whether anybody but the relay was asked. */
const asksOthers = (offer: Offer): boolean => waysTo(offer, "stun") !== "" || waysTo(offer, "turn") !== "";

/** What came of it, with what whoever runs a network needs to know. */
export interface Reach {
  readonly way: Way;
  readonly details: readonly Detail[];
}

/** One line of the details: a sentence's id, and what it names. Never an address. */
export interface Detail {
  readonly id:
    | "relay.answered"
    | "relay.turn"
    | "relay.silent"
    | "relay.untried"
    | "stun.answered"
    | "stun.silent"
    | "stun.none"
    | "turn.answered"
    | "turn.silent"
    | "turn.none";
  readonly values: Readonly<Record<string, string | number>>;
}

export function detailsOf(offer: Offer, found: Found): readonly Detail[] {
  return [relayDetail(offer, found), stunDetail(offer, found), turnDetail(offer, found)];
}

function relayDetail({ leg }: Offer, { answered, round_ms }: Found): Detail {
  if (leg === null) return { id: "relay.untried", values: {} };
  const port = String(leg.port);
  if (answered === "straight") return { id: "relay.answered", values: { port, n: round_ms ?? 0 } };
  if (answered === "turn") return { id: "relay.turn", values: { port } };
  return { id: "relay.silent", values: { port, n: PATIENCE_MS / 1_000 } };
}

function stunDetail(offer: Offer, { stun }: Found): Detail {
  const ways = waysTo(offer, "stun");
  if (ways === "") return { id: "stun.none", values: {} };
  return { id: stun ? "stun.answered" : "stun.silent", values: { ways } };
}

function turnDetail(offer: Offer, { turn }: Found): Detail {
  const ways = waysTo(offer, "turn");
  if (ways === "") return { id: "turn.none", values: {} };
  return turn === "" ? { id: "turn.silent", values: { ways } } : { id: "turn.answered", values: { way: turn.toUpperCase() } };
}

/** The ports of these servers and what they are spoken to by: what a firewall has to let through. */
function waysTo({ ice_servers }: Offer, kind: "stun" | "turn"): string {
  const urls = ice_servers.flatMap(({ urls }) => urls).filter((url) => url.startsWith(kind));
  return [...new Set(urls.map(wayTo))].join(", ");
}

function wayTo(url: string): string {
  const secure = /^\w+s:/u.test(url);
  const port = /:(\d+)(?:\?|$)/u.exec(url)?.[1] ?? (secure ? "5349" : "3478");
  const tcp = secure || url.includes("transport=tcp");
  return `${tcp ? "TCP" : "UDP"} ${port}`;
}

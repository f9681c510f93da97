import { describe, expect, it, test } from "vitest";

import {
  answerOf,
  detailsOf,
  type Found,
  foundIn,
  isEnough,
  type Leg,
  type Offer,
  PATIENCE_MS,
  type Stat,
  stepAt,
  wayOf,
} from "@/core/reach";
import { reachWords } from "@/words/reach";

const LEG: Leg = { ufrag: "aaaa", pwd: "b".repeat(22), fingerprint: "sha-256 AA:BB", host: "192.0.2.1", port: 40_000, more: [] };
const SERVERS: Offer["ice_servers"] = [
  { urls: ["stun:stun.example:3478"], username: "", credential: "" },
  { urls: ["turn:turn.example:3478?transport=udp", "turns:turn.example:443?transport=tcp"], username: "u", credential: "c" },
];
const OFFER: Offer = { ice_servers: SERVERS, leg: LEG, relayed: "" };
const NOTHING: Found = { answered: "", round_ms: null, stun: false, turn: "" };

const candidate = (id: string, candidateType: string, more: Partial<Stat> = {}): Stat => ({
  id,
  type: "local-candidate",
  candidateType,
  ...more,
});
const pair = (localCandidateId: string, state: string, seconds?: number): Stat => ({
  id: `pair of ${localCandidateId}`,
  type: "candidate-pair",
  localCandidateId,
  state,
  ...(seconds === undefined ? {} : { currentRoundTripTime: seconds }),
});

describe("what came back", () => {
  it("is nothing before anything did", () => {
    expect(foundIn([])).toEqual(NOTHING);
    expect(foundIn([candidate("h", "host"), pair("h", "in-progress")])).toEqual(NOTHING);
  });

  it("tells the straight way from the one through a TURN server", () => {
    const relay = candidate("r", "relay", { relayProtocol: "tcp" });
    const turned = [relay, pair("r", "succeeded", 0.08)];
    expect(foundIn(turned)).toEqual({ answered: "turn", round_ms: 80, stun: false, turn: "tcp" });
    const straight = [...turned, candidate("h", "host"), pair("h", "succeeded", 0.02)];
    expect(foundIn(straight)).toEqual({ answered: "straight", round_ms: 20, stun: false, turn: "tcp" });
  });

  it("takes an address only the worker saw for a straight one, and one a STUN server saw for its answer", () => {
    expect(foundIn([candidate("p", "prflx"), pair("p", "succeeded")]).answered).toBe("straight");
    expect(foundIn([candidate("s", "srflx"), pair("s", "failed")])).toMatchObject({ answered: "", stun: true });
  });
});

describe("a try", () => {
  const turned: Found = { ...NOTHING, answered: "turn" };

  it("is over at once when the straight way answers", () => {
    expect(isEnough({ ...NOTHING, answered: "straight" }, 40, null, false)).toBe(true);
  });

  it("waits a little for something better than TURN", () => {
    expect(isEnough(turned, 900, 300, false)).toBe(false);
    expect(isEnough(turned, 1_300, 300, false)).toBe(true);
  });

  it("ends when nothing more can come, and after some seconds in any case", () => {
    expect(isEnough(NOTHING, 40, null, true)).toBe(true);
    expect(isEnough(NOTHING, PATIENCE_MS - 1, null, false)).toBe(false);
    expect(isEnough(NOTHING, PATIENCE_MS, null, false)).toBe(true);
  });

  it("shows that it goes on", () => {
    expect([0, 2_499, 2_500].map(stepAt)).toEqual(["trying", "trying", "longer"]);
  });
});

describe("what comes of it", () => {
  const straight: Found = { ...NOTHING, answered: "straight" };
  const cases: readonly [string, Partial<Offer>, Partial<Found>, ReturnType<typeof wayOf>][] = [
    ["the worker answers", {}, straight, "good"],
    ["the member hides the address", { relayed: "hidden" }, straight, "hidden"],
    ["nobody is connected directly here", { relayed: "all" }, straight, "all"],
    ["the worker answers through TURN", {}, { answered: "turn", turn: "tcp" }, "relay"],
    ["so for who hides the address", { relayed: "hidden" }, { answered: "turn", turn: "tcp" }, "relay"],
    ["TURN is there, the worker is not", {}, { turn: "tcp" }, "relay"],
    ["so for who needs the worker", { relayed: "hidden" }, { turn: "tcp" }, "silent"],
    ["so where STUN answers who needs the worker", { relayed: "all" }, { stun: true }, "silent"],
    ["only STUN answers", {}, { stun: true }, "half"],
    ["nothing answers", {}, {}, "nothing"],
    ["only a STUN server was asked too, and is silent", { ice_servers: SERVERS.slice(0, 1) }, {}, "nothing"],
    ["only a TURN server was asked too, and is silent", { ice_servers: SERVERS.slice(1) }, {}, "nothing"],
    ["nobody but the worker was asked: its port may be closed", { ice_servers: [] }, {}, "silent"],
    ["no worker had room", { leg: null }, {}, "untried"],
    ["no worker had room, and STUN answers", { leg: null }, { stun: true }, "untried"],
    ["no worker had room, and TURN answers", { leg: null }, { turn: "tls" }, "relay"],
  ];

  it.each(cases)("%s", (_, offer, found, way) => {
    expect(wayOf({ ...OFFER, ...offer }, { ...NOTHING, ...found })).toBe(way);
  });
});

describe("the details", () => {
  const ids = (offer: Offer, found: Found) => detailsOf(offer, found).map(({ id }) => id);

  it("name ports and ways, for whoever runs a firewall", () => {
    expect(detailsOf(OFFER, NOTHING)).toEqual([
      { id: "relay.silent", values: { port: "40000", n: PATIENCE_MS / 1_000 } },
      { id: "stun.silent", values: { ways: "UDP 3478" } },
      { id: "turn.silent", values: { ways: "UDP 3478, TCP 443" } },
    ]);
  });

  it("know the ports of addresses that name none", () => {
    const urls = ["turn:turn.example", "turns:turn.example", "turn:[2001:db8::1]:5000?transport=tcp"];
    const offer = { ...OFFER, ice_servers: [{ urls, username: "", credential: "" }] };
    expect(detailsOf(offer, NOTHING)[2]?.values).toEqual({ ways: "UDP 3478, TCP 5349, TCP 5000" });
  });

  it("say what answered, and what was not there to be tried", () => {
    expect(ids(OFFER, { answered: "turn", round_ms: 80, stun: true, turn: "tcp" })).toEqual([
      "relay.turn",
      "stun.answered",
      "turn.answered",
    ]);
    expect(ids({ ...OFFER, leg: null, ice_servers: [] }, NOTHING)).toEqual(["relay.untried", "stun.none", "turn.none"]);
  });

  it("hold no address, name or secret", () => {
    for (const found of [NOTHING, { answered: "straight", round_ms: 4, stun: true, turn: "udp" } as const]) {
      const told = JSON.stringify(detailsOf(OFFER, found));
      expect(told).not.toMatch(/192\.0\.2|example|aaaa|bbbb|AA:BB/u);
    }
  });

  it("have a sentence each", () => {
    const offers = [OFFER, { ...OFFER, leg: null, ice_servers: [] }];
    const all: Found[] = [NOTHING, { ...NOTHING, answered: "turn", stun: true, turn: "tcp" }, { ...NOTHING, answered: "straight" }];
    const said = offers.flatMap((offer) => all.flatMap((found) => ids(offer, found)));
    for (const id of said) expect(reachWords).toHaveProperty([`reach.detail.${id}`]);
  });
});

test("the worker's end is described as ICE-lite, passive, and by each of its addresses", () => {
  const lines = answerOf({ ...LEG, more: [["2001:db8::1", 40_000]] }).split("\r\n");
  expect(lines).toContain("a=ice-lite");
  expect(lines).toContain("a=setup:passive");
  expect(lines).toContain("a=ice-ufrag:aaaa");
  expect(lines.filter((line) => line.startsWith("a=candidate:"))).toEqual([
    "a=candidate:1 1 udp 2130706431 192.0.2.1 40000 typ host",
    "a=candidate:2 1 udp 2130706430 2001:db8::1 40000 typ host",
  ]);
  expect(lines.at(-1)).toBe("");
});

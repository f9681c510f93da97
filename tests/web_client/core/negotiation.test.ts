import { describe, expect, it } from "vitest";

import { due, IDLE, step, type Command, type Input, type Negotiation } from "@/core/negotiation";
import { signalOf, type Negotiate } from "@/core/wire";

const grant = (gen: number, more: Partial<Negotiate> = {}): Negotiate => ({
  t: "negotiate",
  gen,
  path: "direct",
  offer: true,
  ice_servers: [],
  relay_only: false,
  round: 0,
  blind: false,
  ...more,
});

/** Feed inputs, each at a moment; answers the last state and all commands by name. */
function play(inputs: readonly (Input | readonly [number, Input])[], from: Negotiation = IDLE): [Negotiation, Command[]] {
  let state = from;
  const said: Command[] = [];
  for (const item of inputs) {
    const [now, input] = "t" in item ? [0, item] : item;
    const [next, commands] = step(state, input, now);
    state = next;
    said.push(...commands);
  }
  return [state, said];
}

const names = (commands: readonly Command[]) => commands.map((command) => command.t);
const answer = (gen: number) => signalOf({ gen, kind: "answer", sdp: "a" });
const hint = (gen: number, candidate = "c") => signalOf({ gen, kind: "candidate", candidate });

describe("a first connection", () => {
  it("is built when granted, and offered when the browser made the offer", () => {
    const [, said] = play([grant(1), { t: "made", key: 1, round: 0, kind: "offer", sdp: "o" }]);
    expect(names(said)).toEqual(["build", "send"]);
    expect(said[1]).toMatchObject({ message: { t: "signal", gen: 1, kind: "offer", sdp: "o" } });
  });

  it("takes one answer and no second one", () => {
    const [, said] = play([grant(1), answer(1), { t: "described", key: 1, round: 0 }, answer(1)]);
    expect(names(said)).toEqual(["build", "describe"]);
  });

  it("takes no offer while it is the one that offers", () => {
    const [, said] = play([grant(1), signalOf({ gen: 1, kind: "offer", sdp: "o" })]);
    expect(names(said)).toEqual(["build"]);
  });

  it("keeps candidates until the description is set, then adds them in order", () => {
    const [, said] = play([grant(1), hint(1, "a"), hint(1, "b"), { t: "described", key: 1, round: 0 }, hint(1, "c")]);
    expect(said.slice(1).map((each) => each.t === "add" && each.signal.candidate)).toEqual(["a", "b", "c"]);
  });

  it("queues signals of a generation that is announced a moment later", () => {
    const [state, said] = play([hint(1), grant(1), { t: "described", key: 1, round: 0 }]);
    expect(names(said)).toEqual(["build", "add"]);
    expect(state.early).toEqual([]);
  });

  it("is shown and reported with its first frame", () => {
    const [state, said] = play([[1_000, grant(1)], [1_350.4, { t: "frame", key: 1 }]]);
    expect(names(said)).toEqual(["build", "show", "connected"]);
    expect(said[2]).toEqual({ t: "connected", gen: 1, round: 0, first_frame_ms: 350 });
    expect(state.shown?.gen).toBe(1);
    expect(state.coming).toBeNull();
  });

  it("has arrived once secured when the partner's camera is off", () => {
    const [, said] = play([{ t: "picture", on: false }, grant(1), { t: "state", key: 1, state: "connected" }]);
    expect(names(said)).toContain("connected");
  });

  it("arrives when the partner turns the camera off before the first frame", () => {
    const [, said] = play([grant(1), { t: "state", key: 1, state: "connected" }, { t: "picture", on: false }]);
    expect(names(said)).toContain("connected");
  });
});

describe("a partner whose page promises a picture that does not come", () => {
  const [secured] = play([grant(1), answer(1), { t: "described", key: 1, round: 0 }, { t: "state", key: 1, state: "connected" }]);
  const sound: Input = { t: "flow", key: 1 };

  it("is heard after three seconds of sound by a connection that works", () => {
    expect(names(play([[100, sound], [1_500, sound], [3_000, sound]], secured)[1])).toEqual([]);
    const [state, said] = play([[100, sound], [3_100, sound]], secured);
    expect(names(said)).toEqual(["show", "connected"]);
    expect(state.shown?.key).toBe(1);
  });

  it("is not before the connection is there", () => {
    const [described] = play([grant(1), answer(1), { t: "described", key: 1, round: 0 }]);
    expect(names(play([[100, sound], [9_000, sound]], described)[1])).toEqual([]);
  });

  it("has the picture at once when it comes after all", () => {
    expect(names(play([[100, sound], [400, { t: "frame", key: 1 }]], secured)[1])).toEqual(["show", "connected"]);
  });
});

describe("a generation change", () => {
  const [first] = play([grant(1), { t: "frame", key: 1 }]);

  it("keeps the old connection until the new one paints", () => {
    const [state, said] = play([grant(2, { path: "relay" })], first);
    expect(names(said)).toEqual(["build"]);
    expect([state.shown?.gen, state.coming?.gen]).toEqual([1, 2]);
    const [after, more] = play([{ t: "frame", key: 2 }], state);
    expect(names(more)).toEqual(["show", "connected", "close"]);
    expect(more[2]).toEqual({ t: "close", key: 1 });
    expect(after.shown?.gen).toBe(2);
  });

  it("drops a half-built connection for a newer one", () => {
    const [, said] = play([grant(2), grant(3)], first);
    expect(names(said)).toEqual(["build", "close", "build"]);
  });

  it("ignores grants and signals of older generations", () => {
    const [state, said] = play([grant(1), hint(0), answer(0)], first);
    expect(said).toEqual([]);
    expect(state).toEqual(first);
  });

  it("counts anew after the seat was taken again", () => {
    const [state, said] = play([{ t: "entered" }, grant(1)], first);
    expect(names(said)).toEqual(["build"]);
    expect(state.shown?.key).toBe(1);
    expect(state.coming?.key).toBe(2);
    const [, more] = play([hint(1), { t: "described", key: 2, round: 0 }], state);
    expect(more).toMatchObject([{ t: "add", key: 2 }]);
  });

  it("tells the relay no candidate of ours", () => {
    const inputs: Input[] = [grant(2, { path: "relay" }), { t: "gathered", key: 2, round: 0, candidate: "c", mid: "0", line: 0 }];
    expect(names(play(inputs, first)[1])).toEqual(["build"]);
  });

  it("closes everything when the partner is another one", () => {
    const [state, said] = play([grant(2), { t: "parted" }], first);
    expect(names(said)).toEqual(["build", "close", "close"]);
    expect([state.shown, state.coming]).toEqual([null, null]);
  });
});

describe("a connection that dies", () => {
  const [first] = play([grant(1), { t: "frame", key: 1 }]);
  const gone: Input = { t: "state", key: 1, state: "disconnected" };

  it("is reported two seconds after it was lost, not before", () => {
    const [state] = play([[1_000, gone]], first);
    expect(due(state)).toBe(3_000);
    expect(play([[2_999, { t: "time" }]], state)[1]).toEqual([]);
    expect(play([[3_000, { t: "time" }]], state)[1]).toEqual([{ t: "failed", gen: 1, round: 0 }]);
  });

  it("is forgiven when it comes back in time", () => {
    const [state] = play([[1_000, gone], [2_000, { t: "state", key: 1, state: "connected" }]], first);
    expect(due(state)).toBeNull();
  });

  it("is reported once", () => {
    const [, said] = play([{ t: "state", key: 1, state: "failed" }, { t: "broken", key: 1 }, gone, [9_000, { t: "time" }]], first);
    expect(said).toEqual([{ t: "failed", gen: 1, round: 0 }]);
  });

  it("is not reported when a newer one is already coming", () => {
    const [, said] = play([grant(2), { t: "state", key: 1, state: "failed" }], first);
    expect(names(said)).toEqual(["build"]);
  });

  it("is reported when the browser could not make it at all", () => {
    expect(play([grant(2), { t: "broken", key: 2 }], first)[1]).toContainEqual({ t: "failed", gen: 2, round: 0 });
  });
});

describe("an ICE restart", () => {
  const [first] = play([grant(1), answer(1), { t: "described", key: 1, round: 0 }, { t: "frame", key: 1 }]);
  const again = (round: number, more: Partial<Negotiate> = {}) => grant(1, { round, ...more });
  const of = (round: number, kind: "offer" | "answer" | "candidate") => signalOf({ gen: 1, round, kind, sdp: "s", candidate: "c" });

  it("keeps the connection and finds it new ways by the newest servers", () => {
    const servers = [{ urls: ["turn:t"], username: "u", credential: "c" }];
    const [state, said] = play([again(1, { ice_servers: servers, relay_only: true })], first);
    expect(said).toEqual([{ t: "restart", key: 1, round: 1, offer: true, servers, relay_only: true }]);
    expect([state.shown?.key, state.shown?.round, state.coming]).toEqual([1, 1, null]);
  });

  it("speaks and listens in its own round only", () => {
    const [state] = play([again(1)], first);
    expect(play([{ t: "made", key: 1, round: 0, kind: "offer", sdp: "old" }], state)[1]).toEqual([]);
    const [, said] = play([{ t: "made", key: 1, round: 1, kind: "offer", sdp: "new" }, of(0, "answer"), of(1, "answer")], state);
    expect(names(said)).toEqual(["send", "describe"]);
    expect(said[0]).toMatchObject({ message: { gen: 1, round: 1, sdp: "new" } });
    expect(said[1]).toMatchObject({ round: 1, kind: "answer" });
  });

  it("answers where the other page offers", () => {
    const [, said] = play([again(1, { offer: false }), of(1, "answer"), of(1, "offer")], first);
    expect(names(said)).toEqual(["restart", "describe"]);
  });

  it("keeps what the partner's page says of a round that is announced a moment later", () => {
    const [state, said] = play([of(1, "offer"), of(1, "candidate"), again(1, { offer: false })], first);
    expect(names(said)).toEqual(["restart", "describe"]);
    expect(names(play([{ t: "described", key: 1, round: 1 }], state)[1])).toEqual(["add"]);
  });

  const [described] = play([again(1), of(1, "answer"), { t: "described", key: 1, round: 1 }], first);

  it("is told to have helped by the first new frame, once", () => {
    const [, said] = play([[700, { t: "frame", key: 1 }], [740, { t: "frame", key: 1 }]], described);
    expect(said).toEqual([{ t: "connected", gen: 1, round: 1, first_frame_ms: 700 }]);
  });

  it("is not while it is not described", () => {
    const [state] = play([again(1)], first);
    expect(play([{ t: "frame", key: 1 }, { t: "flow", key: 1 }], state)[1]).toEqual([]);
  });

  it("waits for a picture for a moment only once sound is back", () => {
    const [state, said] = play([[500, { t: "flow", key: 1 }]], described);
    expect(said).toEqual([]);
    expect(due(state)).toBe(900);
    const [after, more] = play([[600, { t: "flow", key: 1 }], [900, { t: "time" }]], state);
    expect(names(more)).toEqual(["connected"]);
    expect(due(after)).toBeNull();
  });

  it("takes sound for enough while the partner's camera is off", () => {
    expect(names(play([{ t: "picture", on: false }, { t: "flow", key: 1 }], described)[1])).toEqual(["connected"]);
  });

  it("takes the connection's own word where nothing is to be expected", () => {
    const quiet: Input = { t: "picture", on: false, sound: false };
    expect(names(play([{ t: "state", key: 1, state: "connected" }, quiet], described)[1])).toEqual(["connected"]);
  });

  it("heals what was given up", () => {
    const [dead] = play([{ t: "state", key: 1, state: "failed" }], first);
    const [state, said] = play([again(1), { t: "state", key: 1, state: "failed" }], dead);
    expect(said.at(-1)).toEqual({ t: "failed", gen: 1, round: 1 });
    const [healed] = play([again(2), of(2, "answer"), { t: "described", key: 1, round: 2 }, { t: "frame", key: 1 }], state);
    expect(healed.shown).toMatchObject({ failed: false, lost_ms: 0, proven: true });
  });

  it("is overtaken by the next generation", () => {
    const [state, said] = play([grant(2, { path: "relay" }), again(2), { t: "frame", key: 2 }], described);
    expect(names(said)).toEqual(["build", "restart", "show", "connected", "close"]);
    expect(state.shown?.gen).toBe(2);
  });

  it("happens once a round, until the seat is taken again and rounds count anew", () => {
    expect(play([again(1)], described)[1]).toEqual([]);
    expect(names(play([{ t: "entered" }, again(1)], described)[1])).toEqual(["restart"]);
  });

  it("is refused by a page that has no such connection", () => {
    expect(play([grant(7, { round: 2 })], first)[1]).toEqual([{ t: "failed", gen: 7, round: 2 }]);
  });
});

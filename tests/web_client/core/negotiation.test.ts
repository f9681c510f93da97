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
    const [, said] = play([grant(1), { t: "made", key: 1, kind: "offer", sdp: "o" }]);
    expect(names(said)).toEqual(["build", "send"]);
    expect(said[1]).toMatchObject({ message: { t: "signal", gen: 1, kind: "offer", sdp: "o" } });
  });

  it("takes one answer and no second one", () => {
    const [, said] = play([grant(1), answer(1), { t: "described", key: 1 }, answer(1)]);
    expect(names(said)).toEqual(["build", "describe"]);
  });

  it("takes no offer while it is the one that offers", () => {
    const [, said] = play([grant(1), signalOf({ gen: 1, kind: "offer", sdp: "o" })]);
    expect(names(said)).toEqual(["build"]);
  });

  it("keeps candidates until the description is set, then adds them in order", () => {
    const [, said] = play([grant(1), hint(1, "a"), hint(1, "b"), { t: "described", key: 1 }, hint(1, "c")]);
    expect(said.slice(1).map((each) => each.t === "add" && each.signal.candidate)).toEqual(["a", "b", "c"]);
  });

  it("queues signals of a generation that is announced a moment later", () => {
    const [state, said] = play([hint(1), grant(1), { t: "described", key: 1 }]);
    expect(names(said)).toEqual(["build", "add"]);
    expect(state.early).toEqual([]);
  });

  it("is shown and reported with its first frame", () => {
    const [state, said] = play([[1_000, grant(1)], [1_350.4, { t: "frame", key: 1 }]]);
    expect(names(said)).toEqual(["build", "show", "connected"]);
    expect(said[2]).toEqual({ t: "connected", gen: 1, first_frame_ms: 350 });
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
    const [, more] = play([hint(1), { t: "described", key: 2 }], state);
    expect(more).toMatchObject([{ t: "add", key: 2 }]);
  });

  it("tells the relay no candidate of ours", () => {
    const inputs: Input[] = [grant(2, { path: "relay" }), { t: "gathered", key: 2, candidate: "c", mid: "0", line: 0 }];
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
    expect(play([[3_000, { t: "time" }]], state)[1]).toEqual([{ t: "failed", gen: 1 }]);
  });

  it("is forgiven when it comes back in time", () => {
    const [state] = play([[1_000, gone], [2_000, { t: "state", key: 1, state: "connected" }]], first);
    expect(due(state)).toBeNull();
  });

  it("is reported once", () => {
    const [, said] = play([{ t: "state", key: 1, state: "failed" }, { t: "broken", key: 1 }, gone, [9_000, { t: "time" }]], first);
    expect(said).toEqual([{ t: "failed", gen: 1 }]);
  });

  it("is not reported when a newer one is already coming", () => {
    const [, said] = play([grant(2), { t: "state", key: 1, state: "failed" }], first);
    expect(names(said)).toEqual(["build"]);
  });

  it("is reported when the browser could not make it at all", () => {
    expect(play([grant(2), { t: "broken", key: 2 }], first)[1]).toContainEqual({ t: "failed", gen: 2 });
  });
});

import { frozenFor, look, type Sample, type Sight, UNSEEN } from "@/core/sight";

/** A line that samples itself each half second: `then` says what happens in the time that follows. */
class Line {
  sight: Sight = UNSEEN;
  private now: Sample = { at_ms: 1_000, frames: 0, lost: 0, received: 0, round_trip_ms: 40 };

  then(seconds: number, { fps = 20, lost = 0, round_trip_ms = 40 } = {}): this {
    for (let i = 0; i < seconds * 2; i += 1) {
      this.now = {
        at_ms: this.now.at_ms + 500,
        frames: this.now.frames + fps / 2,
        lost: this.now.lost + lost,
        received: this.now.received + 50 - lost,
        round_trip_ms,
      };
      this.sight = look(this.sight, this.now);
    }
    return this;
  }
}

test("a picture that comes has no sign", () => {
  expect(new Line().then(60).sight.sign).toBe("good");
});

test("a picture without a frame for two seconds is frozen, and good with the next frame", () => {
  const line = new Line().then(5);
  expect(line.then(1.5, { fps: 0 }).sight.sign).toBe("good");
  expect(line.then(0.5, { fps: 0 }).sight.sign).toBe("frozen");
  expect(line.then(8, { fps: 0 }).sight.sign).toBe("frozen");
  expect(frozenFor(line.sight)).toBe(10_000);
  line.then(0.5);
  expect(line.sight.sign).not.toBe("frozen");
  expect(frozenFor(line.sight)).toBe(0);
});

test("a picture that never came is waited for, not frozen", () => {
  expect(new Line().then(30, { fps: 0 }).sight.sign).not.toBe("frozen");
});

test.each([
  ["lost packets", { lost: 10 }],
  ["a long way", { round_trip_ms: 900 }],
  ["a slide show", { fps: 2 }],
])("%s for five seconds make a line weak", (_what, bad) => {
  const line = new Line().then(3);
  expect(line.then(4.5, bad).sight.sign).toBe("good");
  expect(line.then(1, bad).sight.sign).toBe("weak");
});

test("a weak line is good again only after five good seconds", () => {
  const line = new Line().then(3).then(6, { lost: 10 });
  expect(line.then(4).sight.sign).toBe("weak");
  expect(line.then(1.5).sight.sign).toBe("good");
});

test("short trouble is nobody's business", () => {
  const line = new Line().then(3);
  for (let i = 0; i < 5; i += 1) expect(line.then(3, { lost: 20 }).then(1).sight.sign).toBe("good");
});

test("counters that go back begin anew, and two looks at once count as one", () => {
  const { sight } = new Line().then(5);
  const sample: Sample = { at_ms: 60_000, frames: 1, lost: 0, received: 5, round_trip_ms: 40 };
  expect(look(sight, sample)).toEqual({ ...UNSEEN, last: sample });
  const again = look(UNSEEN, sample);
  expect(look(again, { ...sample, at_ms: 60_100, frames: 3 })).toBe(again);
});

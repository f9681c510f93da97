import { ROOM_KEYS } from "@/core/keys";
import { figuresOf } from "@/core/quality";
import { roomWords } from "@/words/room";

const words: Readonly<Record<string, string>> = roomWords;

test("each key of the room has a word in the list of keys", () => {
  for (const [, does] of ROOM_KEYS) expect(words[`keys.${does}`], does).toBeTruthy();
});

test("nothing in the room blames or begs", () => {
  const never = /\b(fail(ed|ure)?|violation|penalty|must|oops|invalid|user|please)\b|!/iu;
  expect(Object.entries(words).filter(([, text]) => never.test(text))).toEqual([]);
});

test("what is sent of a call has a plain name each", () => {
  const counted = { gap_max_ms: 0, restarts: 0, moves: 0, silences: 0, first_frame_ms: 0, width: 0, height: 0 };
  const names = Object.keys(figuresOf([], { ...counted, relayed: false, turn: false, blind: false }));
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) expect(words[`figure.${name}`], name).toBeTruthy();
});

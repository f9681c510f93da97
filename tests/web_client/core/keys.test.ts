import { anywhere, goal, gridKey, isBare, listKey, ROOM_KEYS, roomKey } from "@/core/keys";

describe("keys of the grid", () => {
  test("move by cells, hours, days and weeks", () => {
    expect(gridKey("ArrowDown", false, true)).toEqual({ move: "cell", rows: 1, columns: 0 });
    expect(gridKey("PageUp", false, true)).toEqual({ move: "hour", rows: -1, columns: 0 });
    expect(gridKey("PageUp", true, true)).toEqual({ week: -1 });
    expect(gridKey("End", false, true)).toEqual({ move: "edge", to: "last" });
    expect(gridKey("]", false, true)).toEqual({ week: 1 });
  });

  test("turn around where the page is read from the right", () => {
    expect(gridKey("ArrowRight", false, true, false)).toMatchObject({ columns: 1 });
    expect(gridKey("ArrowRight", false, true, true)).toMatchObject({ columns: -1 });
  });

  test("are letters only while single-key shortcuts are on", () => {
    expect(gridKey("b", false, true)).toEqual({ act: "book" });
    expect(gridKey("B", true, true)).toEqual({ act: "book" });
    expect(gridKey("b", false, false)).toBeNull();
    expect(gridKey("Enter", false, false)).toEqual({ act: "press" });
    expect(gridKey("x", false, true)).toBeNull();
  });
});

test("keys of every page", () => {
  expect(anywhere("?")).toBe("help");
  expect(anywhere("Z")).toBe("undo");
  expect(anywhere("q")).toBeNull();
  expect(goal("s")).toBe("/sessions");
  expect(goal("P")).toBe("/people");
  expect(goal("m")).toBe("/messages");
  expect(goal("x")).toBeNull();
  const bare = { key: "z", ctrlKey: false, metaKey: false, altKey: false };
  expect(isBare(bare)).toBe(true);
  expect(isBare({ ...bare, ctrlKey: true })).toBe(false);
});

test("keys of the room, each of which does one thing", () => {
  expect(["m", "P", "u", "s", "?"].map(roomKey)).toEqual(["mic", "small", "blur", "screen", "help"]);
  expect(roomKey("q")).toBeNull();
  expect(new Set(ROOM_KEYS.map(([key]) => key)).size).toBe(ROOM_KEYS.length);
  expect(new Set(ROOM_KEYS.map(([, does]) => does)).size).toBe(ROOM_KEYS.length);
});

test("keys of a list of rows", () => {
  expect(listKey("j")).toBe("next");
  expect(listKey("K")).toBe("previous");
  expect(listKey("/")).toBe("search");
  expect(listKey("s")).toBe("favourite");
  expect(listKey("x")).toBeNull();
});

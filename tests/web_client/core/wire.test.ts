/** Holds the page's codec to the same bytes as the Python side, by the golden files both read. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import {
  CLIENT_TYPES,
  type ClientMessage,
  decodeClient,
  decodePeer,
  decodeServer,
  encodeClient,
  encodePeer,
  encodeServer,
  entryOf,
  FRAME_MAX,
  PROTOCOL,
  SERVER_TYPES,
  type ServerMessage,
  WireError,
} from "@/core/wire";

interface Golden {
  readonly name: string;
  readonly from: "page" | "hub" | "both";
  readonly message: Record<string, unknown>;
  readonly msgpack: string;
}

const FOLDER = fileURLToPath(new URL("../../golden/wire/", import.meta.url));

function read<T>(folder: string): T[] {
  const names = readdirSync(folder).filter((name: string) => name.endsWith(".json"));
  return names.map((name: string) => JSON.parse(readFileSync(folder + name, "utf8")) as T);
}

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));
const hex = (frame: Uint8Array): string => Buffer.from(frame).toString("hex");
const golden = read<Golden>(FOLDER);
const said = (by: "page" | "hub") => golden.filter(({ from }) => from === by || from === "both");

it("is of the hub's version", () => {
  const versions = JSON.parse(readFileSync(`${FOLDER}../protocol.json`, "utf8")) as Record<string, string>;
  expect(Object.keys(versions).at(-1)).toBe(String(PROTOCOL));
});

describe("what a page says", () => {
  it.each(said("page"))("$name is the same bytes both ways", ({ message, msgpack }) => {
    expect(decodeClient(bytes(msgpack))).toEqual(message);
    expect(hex(encodeClient(message as unknown as ClientMessage))).toBe(msgpack);
  });

  it("has an example of every message", () => {
    expect(said("page").map(({ name }) => name).sort()).toEqual([...CLIENT_TYPES].sort());
  });
});

describe("what the hub says", () => {
  it.each(said("hub"))("$name is the same bytes both ways", ({ message, msgpack }) => {
    expect(decodeServer(bytes(msgpack))).toEqual(message);
    expect(hex(encodeServer(message as unknown as ServerMessage))).toBe(msgpack);
  });

  it("has an example of every message", () => {
    expect(said("hub").map(({ name }) => name).sort()).toEqual([...SERVER_TYPES].sort());
  });
});

describe("a frame that is no message", () => {
  it.each(read<{ name: string; msgpack: string }>(`${FOLDER}bad/`))("is refused: $name", ({ msgpack }) => {
    expect(() => decodeClient(bytes(msgpack))).toThrow(WireError);
    expect(() => decodePeer(bytes(msgpack))).toThrow(WireError);
  });

  it("is refused when it is too large, whatever it holds", () => {
    expect(() => decodeServer(new Uint8Array(FRAME_MAX + 1))).toThrow(WireError);
  });
});

describe("what pages say to each other", () => {
  it("is entries and the ids one has", () => {
    const entry = entryOf({ id: "a", kind: "chat", by: "m_ana", at_ms: 1_700_000_000_000, text: "hi" });
    expect(decodePeer(encodePeer(entry))).toEqual(entry);
    expect(decodePeer(encodePeer({ t: "have", ids: ["a", "b"] }))).toEqual({ t: "have", ids: ["a", "b"] });
  });

  it("is nothing a hub would say", () => {
    const over = encodeServer({ t: "over", reason: "closed" });
    expect(() => decodePeer(over)).toThrow(WireError);
  });
});

import { createHash } from "node:crypto";

import { describe, expect, it } from "vitest";

import { codeOf, fingerprintOf, frameOf, type Half, isStillThem, NUMBER_BYTES, sayingOf, seal, WORDS } from "@/core/safety";
import { SAFETY_WORDS } from "@/words/safety";

const print = (byte: string): string => `sha-256 ${Array.from({ length: 32 }, () => byte).join(":")}`;
const half = (byte: string, number: number): Half => ({ fingerprint: print(byte), number: new Uint8Array(NUMBER_BYTES).fill(number) });
const code = (one: Half, other: Half) => codeOf(createHash("sha256").update(seal(one, other)).digest(), SAFETY_WORDS);

const ana = half("AA", 1);
const ben = half("BB", 2);

describe("the safety code", () => {
  it("is four words, the same on both screens", () => {
    expect(code(ana, ben)).toEqual(code(ben, ana));
    expect(code(ana, ben)).toHaveLength(WORDS);
    expect(code(ana, ben).every((word) => SAFETY_WORDS.includes(word))).toBe(true);
  });

  it("is another one when either fingerprint is another one", () => {
    expect(code(half("AC", 1), ben)).not.toEqual(code(ana, ben));
    expect(code(ana, half("BD", 2))).not.toEqual(code(ana, ben));
  });

  it("is another one when somebody sits in the middle, with a connection to each", () => {
    const [toAna, toBen] = [half("CC", 3), half("DD", 4)];
    expect(code(ana, toAna)).not.toEqual(code(toBen, ben));
  });

  it("is another one with other numbers, and when they change owners", () => {
    expect(code(half("AA", 9), ben)).not.toEqual(code(ana, ben));
    expect(code(half("AA", 2), half("BB", 1))).not.toEqual(code(ana, ben));
  });
});

describe("fingerprints", () => {
  it("are read from a description, however they are spelled", () => {
    const sdp = "v=0\r\na=fingerprint:SHA-256 ab:CD\r\nm=audio\r\na=fingerprint:sha-256 AB:cd\r\n";
    expect(fingerprintOf(sdp)).toBe("sha-256 AB:CD");
  });

  it("are not taken from a description that names several, or none", () => {
    expect(fingerprintOf("a=fingerprint:sha-256 AA\r\na=fingerprint:sha-256 BB\r\n")).toBeNull();
    expect(fingerprintOf("v=0\r\n")).toBeNull();
  });
});

describe("somebody who comes between the two after the words were compared", () => {
  const sdp = (byte: string, name = "a=fingerprint:") => `v=0\r\nm=audio 9 RTP/SAVPF 111\r\n${name}${print(byte)}\r\n`;

  it("is told from the partner, who restarts with the same certificate", () => {
    expect(isStillThem(sdp("BB"), `${sdp("BB")}a=ice-ufrag:new\r\n`)).toBe(true);
    expect(isStillThem(sdp("BB"), sdp("CC"))).toBe(false);
  });

  it("cannot add a certificate, or leave all of them out", () => {
    expect(isStillThem(sdp("BB"), sdp("BB") + sdp("CC"))).toBe(false);
    expect(isStillThem(sdp("BB"), "v=0\r\n")).toBe(false);
    expect(isStillThem("v=0\r\n", "v=0\r\n")).toBe(false);
  });

  it("cannot hide one in a spelling that only some browsers read", () => {
    for (const name of ["a=FINGERPRINT:", "a=Fingerprint ", "a=fingerprint\t", " a=fingerprint:", "a=fingerprint :"]) {
      expect(isStillThem(sdp("BB"), sdp("BB") + sdp("CC", name)), name).toBe(false);
    }
    for (const end of ["\n", "\r"]) {
      expect(isStillThem(sdp("BB"), sdp("BB") + sdp("CC").replaceAll("\r\n", end))).toBe(false);
    }
  });
});

describe("what the pages say to agree", () => {
  it("comes back as it was", () => {
    const bytes = new Uint8Array(NUMBER_BYTES).fill(7);
    expect(sayingOf(frameOf({ t: "promise", hash: bytes }))).toEqual({ t: "promise", hash: bytes });
    expect(sayingOf(frameOf({ t: "number", number: bytes }))).toEqual({ t: "number", number: bytes });
  });

  it("is nothing else", () => {
    for (const frame of [[], [1], [3, ...new Uint8Array(NUMBER_BYTES)], [1, ...new Uint8Array(NUMBER_BYTES + 1)]]) {
      expect(sayingOf(new Uint8Array(frame))).toBeNull();
    }
  });
});

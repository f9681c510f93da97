import { describe, expect, it } from "vitest";

import { Statistics } from "@/io/stats";

/** The reports of a call, as a browser would give them, counting how many are turned into objects. */
class Reports extends Map<string, object> {
  turned = 0;

  override get(id: string): object | undefined {
    this.turned += 1;
    return super.get(id);
  }

  override forEach(each: (report: object, id: string, all: Map<string, object>) => void): void {
    this.turned += this.size;
    super.forEach(each);
  }
}

function connection(): { peer: RTCPeerConnection; reports: Reports; come: (packets: number) => void } {
  const reports = new Reports();
  const come = (packets: number): void => {
    reports.set("picture", { id: "picture", type: "inbound-rtp", kind: "video", mid: "1", packetsReceived: packets, framesDecoded: packets / 4 });
    reports.set("sound", { id: "sound", type: "inbound-rtp", kind: "audio", mid: "0", packetsReceived: packets });
  };
  come(40);
  reports.set("pair", { id: "pair", type: "candidate-pair", nominated: true, state: "succeeded", currentRoundTripTime: 0.05 });
  for (let n = 0; n < 60; n += 1) reports.set(`codec${n}`, { id: `codec${n}`, type: "codec" });
  const peer = { connectionState: "connected", getStats: () => Promise.resolve(reports) };
  return { peer: peer as unknown as RTCPeerConnection, reports, come };
}

describe("looking at a connection ten times a second", () => {
  it("takes the reports of what comes in, and no others, between whole looks", async () => {
    const { peer, reports, come } = connection();
    const statistics = new Statistics(peer);
    await statistics.look();
    reports.turned = 0;
    come(80);
    expect(await statistics.pulse()).toMatchObject({ packets: 160, frames: 20, received: 80, round_trip_ms: 50 });
    expect(reports.turned).toBe(2);
  });

  it("looks at everything first, to know what comes in", async () => {
    const { peer } = connection();
    expect(await new Statistics(peer).pulse()).toMatchObject({ packets: 80, frames: 10 });
  });

  it("sees nothing on a connection that is closed", async () => {
    const { peer } = connection();
    const closed = Object.assign(peer, { connectionState: "closed" });
    expect(await new Statistics(closed).pulse()).toMatchObject({ packets: 0, frames: 0 });
  });
});

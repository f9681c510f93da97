// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Changed } from "@/core/wire";

const T = Date.parse("2026-11-24T09:00:00Z");
const HEARD: Changed = { t: "changed", what: "booking", booking: "b1", reason: "awaited", offset: "1-0", start_ms: T, length_min: 25 };

/** The page as after a reload. */
async function fresh() {
  vi.resetModules();
  const [{ awaited, hearAwaited, settleAwaited }, { status }] = [
    await import("@/io/awaited"),
    await import("@/io/announce"),
  ];
  return { awaited, hearAwaited, settleAwaited, status };
}

describe("the hub's word that the partner waits", () => {
  beforeEach(() => sessionStorage.clear());

  it("is said once, however often it is heard", async () => {
    const { hearAwaited, status } = await fresh();
    hearAwaited(HEARD);
    expect(status.value).toBe("Your partner is in the room. Coming?");
    status.value = "";
    hearAwaited(HEARD);
    expect(status.value).toBe("");
  });

  it("is known after a reload", async () => {
    (await fresh()).hearAwaited(HEARD);
    expect((await fresh()).awaited.value?.booking).toBe("b1");
  });

  it("is gone with a visit to the room, and counts anew after it", async () => {
    const { awaited, hearAwaited, settleAwaited, status } = await fresh();
    hearAwaited(HEARD);
    settleAwaited();
    expect(awaited.value).toBeNull();
    expect((await fresh()).awaited.value).toBeNull();
    status.value = "";
    hearAwaited({ ...HEARD, reason: "" });
    expect(awaited.value).toBeNull();
  });
});

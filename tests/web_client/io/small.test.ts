import { signal } from "@preact/signals";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { small } from "@/io/small";

/** As much of a video as the small window needs. */
class Video extends EventTarget {
  muted = false;
  srcObject: unknown = null;
  className = "";
  parentNode: unknown = null;
  setAttribute = vi.fn();
  play = vi.fn(() => Promise.resolve());
  remove = vi.fn();
  requestPictureInPicture = vi.fn(() => {
    page.pictureInPictureElement = this;
    return Promise.resolve();
  });
}

const page = {
  pictureInPictureEnabled: true,
  pictureInPictureElement: null as Video | null,
  exitPictureInPicture: vi.fn(() => Promise.resolve()),
  createElement: () => new Video(),
  body: { append: vi.fn() },
};

const stream = (name: string) => ({ srcObject: name }) as unknown as HTMLVideoElement;
const shown = signal<HTMLVideoElement | null>(null);

let stop = (): void => undefined;

async function aSmallWindow() {
  stop = small.follow(shown);
  const opened = await small.show("Alongside", () => () => undefined);
  return { opened, floating: page.pictureInPictureElement };
}

beforeEach(() => {
  vi.stubGlobal("document", page);
  vi.stubGlobal("window", globalThis);
  page.pictureInPictureElement = null;
  page.body.append.mockClear();
  shown.value = stream("the first");
});

afterEach(() => stop());

describe("the small window where a browser offers a picture only", () => {
  it("is a muted one of its own, not that of a connection", async () => {
    const { opened, floating } = await aSmallWindow();
    expect([opened, small.open.value]).toEqual([true, true]);
    expect(floating?.srcObject).toBe("the first");
    expect(floating?.muted).toBe(true);
  });

  it("goes on with the next connection, and with the next partner", async () => {
    const { floating } = await aSmallWindow();
    shown.value = stream("the second");
    expect(floating?.srcObject).toBe("the second");
    shown.value = null;
    expect(floating?.srcObject).toBe(null);
    shown.value = stream("somebody else");
    expect(floating?.srcObject).toBe("somebody else");
    expect(small.open.value).toBe(true);
  });

  it("is closed when its own button says so", async () => {
    const { floating } = await aSmallWindow();
    floating?.dispatchEvent(new Event("leavepictureinpicture"));
    expect(small.open.value).toBe(false);
  });

  it("goes with the room", async () => {
    const { floating } = await aSmallWindow();
    stop();
    expect(small.open.value).toBe(false);
    expect(floating?.srcObject).toBe(null);
    expect(floating?.remove).toHaveBeenCalled();
    expect(page.exitPictureInPicture).toHaveBeenCalled();
  });
});

describe("the small window where a browser offers a page", () => {
  it("makes no picture beside it", async () => {
    vi.stubGlobal("documentPictureInPicture", {});
    await aSmallWindow();
    expect(page.body.append).not.toHaveBeenCalled();
    vi.stubGlobal("documentPictureInPicture", undefined);
  });
});

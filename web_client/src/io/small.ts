/**
 * The small window on top of other programs: a page of our own where the browser offers one
 * (Document Picture-in-Picture), else the partner's picture alone. Sound stays in the page.
 */
import { computed, signal } from "@preact/signals";

/** Draws into the small page; gives back the way to end that. */
export type Fill = (page: Window) => () => void;

interface PictureInPicture {
  requestWindow(wish: { readonly width: number; readonly height: number }): Promise<Window>;
}

const WIDTH = 320;
const HEIGHT = 240;

const pages = (): PictureInPicture | undefined =>
  (window as { readonly documentPictureInPicture?: PictureInPicture }).documentPictureInPicture;

/** The small page is styled by the same files, in the same colours. */
function dress(page: Window, title: string): void {
  const { documentElement: root } = document;
  const { document: small } = page;
  small.title = title;
  for (const name of ["lang", "dir", "data-theme"]) {
    const value = root.getAttribute(name);
    if (value !== null) small.documentElement.setAttribute(name, value);
  }
  for (const sheet of document.querySelectorAll('link[rel="stylesheet"], style')) small.head.append(sheet.cloneNode(true));
  small.body.className = "small-page";
}

class SmallWindow {
  private readonly page = signal<Window | null>(null);
  private readonly video = signal<HTMLVideoElement | null>(null);
  readonly open = computed(() => this.page.value !== null || this.video.value !== null);

  /** Open it, from a press. False where the browser has none or refuses. */
  async show(video: HTMLVideoElement | null, title: string, fill: Fill): Promise<boolean> {
    try {
      const offered = pages();
      if (offered) await this.showPage(offered, title, fill);
      else await this.showVideo(video);
      return this.open.value;
    } catch {
      return false;
    }
  }

  close(): void {
    this.page.value?.close();
    this.page.value = null;
    if (this.video.value && document.pictureInPictureElement) void document.exitPictureInPicture().catch(() => undefined);
    this.video.value = null;
  }

  private async showPage(offered: PictureInPicture, title: string, fill: Fill): Promise<void> {
    const page = await offered.requestWindow({ width: WIDTH, height: HEIGHT });
    dress(page, title);
    const stop = fill(page);
    page.addEventListener("pagehide", () => {
      stop();
      if (this.page.value === page) this.page.value = null;
    });
    this.page.value = page;
  }

  private async showVideo(video: HTMLVideoElement | null): Promise<void> {
    if (video === null || !document.pictureInPictureEnabled) return;
    await video.requestPictureInPicture();
    this.video.value = video;
    video.addEventListener("leavepictureinpicture", () => (this.video.value = null), { once: true });
  }
}

/** There is one at most. */
export const small = new SmallWindow();

/**
 * The small window on top of other programs: a page of our own where the browser offers one
 * (Document Picture-in-Picture), else the partner's picture alone. Sound stays in the page.
 */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";

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

/**
 * A picture to float on its own. Connections come and go with their videos: this one stays, and
 * must be in the page, for some browsers float nothing else.
 */
function floater(): HTMLVideoElement {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.className = "small-source";
  video.setAttribute("aria-hidden", "true");
  document.body.append(video);
  return video;
}

class SmallWindow {
  private readonly page = signal<Window | null>(null);
  private readonly floats = signal(false);
  private video: HTMLVideoElement | null = null;
  readonly open = computed(() => this.page.value !== null || this.floats.value);

  /** Have the partner's picture ready to float until the answer is called: a press gives no time to fetch it. */
  follow(shown: ReadonlySignal<HTMLVideoElement | null>): () => void {
    if (pages()) return () => this.close();
    const video = (this.video = floater());
    video.addEventListener("leavepictureinpicture", () => (this.floats.value = false));
    const stop = effect(() => {
      video.srcObject = shown.value?.srcObject ?? null;
      if (video.srcObject !== null) void video.play().catch(() => undefined);
    });
    return () => {
      stop();
      this.close();
      this.video = null;
      video.srcObject = null;
      video.remove();
    };
  }

  /** Open it, from a press. False where the browser has none or refuses. */
  async show(title: string, fill: Fill): Promise<boolean> {
    try {
      const offered = pages();
      if (offered) await this.showPage(offered, title, fill);
      else await this.showVideo();
      return this.open.value;
    } catch {
      return false;
    }
  }

  close(): void {
    this.page.value?.close();
    this.page.value = null;
    if (this.floats.value && document.pictureInPictureElement) void document.exitPictureInPicture().catch(() => undefined);
    this.floats.value = false;
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

  private async showVideo(): Promise<void> {
    if (this.video === null || !document.pictureInPictureEnabled) return;
    await this.video.requestPictureInPicture();
    this.floats.value = true;
  }
}

/** There is one at most. */
export const small = new SmallWindow();

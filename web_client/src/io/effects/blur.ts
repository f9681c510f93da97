/**
 * What is behind the member, blurred on this computer: by the browser where it offers that, else by
 * a model that is fetched from this site when it is first wanted.
 *
 * It fails closed: whoever asks gets a blurred track or an error, never the camera's own picture.
 */
import libraryUrl from "@mediapipe/selfie_segmentation/selfie_segmentation.js?url";
import graphUrl from "@mediapipe/selfie_segmentation/selfie_segmentation.binarypb?url";
import modelUrl from "@mediapipe/selfie_segmentation/selfie_segmentation_landscape.tflite?url";
import engineUrl from "@mediapipe/selfie_segmentation/selfie_segmentation_solution_simd_wasm_bin.js?url";
import wasmUrl from "@mediapipe/selfie_segmentation/selfie_segmentation_solution_simd_wasm_bin.wasm?url";

import type { Dressed } from "@/io/effects/dressed";
import type { Files, FromWorker, ToWorker } from "@/io/effects/segment.worker";
import workerUrl from "@/io/effects/segment.worker?worker&url";

/** A first picture that has not come after this long does not come. */
const FIRST_WITHIN_MS = 60_000;
/** The same for each later one. */
const NEXT_WITHIN_MS = 10_000;

export interface Told {
  /** How much is fetched, 0 to 1. */
  readonly progress: (share: number) => void;
  readonly slow: (slow: boolean) => void;
  /** It ended by itself. No picture comes from then on. */
  readonly failed: () => void;
}

const FILES: Files = {
  library: libraryUrl,
  parts: {
    "selfie_segmentation.binarypb": graphUrl,
    "selfie_segmentation_landscape.tflite": modelUrl,
    "selfie_segmentation_solution_simd_wasm_bin.js": engineUrl,
    "selfie_segmentation_solution_simd_wasm_bin.wasm": wasmUrl,
  },
};

/** Fetch the large files once, for the sake of the bar; the worker then finds them in the cache. */
async function fetchFiles(tell: (share: number) => void): Promise<void> {
  let bytes = 0;
  const one = async (url: string): Promise<void> => {
    const answer = await fetch(url);
    if (!answer.ok || answer.body === null) throw new Error("the files for blur did not come");
    const reader = answer.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      bytes += part.value.byteLength;
      tell(Math.min(1, bytes / __BLUR_BYTES__));
    }
  };
  await Promise.all([libraryUrl, graphUrl, modelUrl, engineUrl, wasmUrl].map(one));
}

interface Types {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL: (url: string) => string };
}

let policy: ReturnType<Types["createPolicy"]> | null = null;

/** The page's policy lets nothing be run by its address alone: this one address may. */
function trusted(url: string): string {
  const types = (window as { readonly trustedTypes?: Types }).trustedTypes;
  policy ??= types?.createPolicy("blur", {
    createScriptURL: (asked) => {
      if (asked !== workerUrl) throw new TypeError("not the worker of blur");
      return asked;
    },
  }) ?? null;
  return policy?.createScriptURL(url) ?? url;
}

function watched(raw: MediaStreamTrack): HTMLVideoElement {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([raw]);
  return video;
}

class Blur implements Dressed {
  readonly track: MediaStreamTrack;
  private readonly canvas = document.createElement("canvas");
  private readonly pen: CanvasRenderingContext2D | null;
  private readonly worker: Worker;
  private readonly video: HTMLVideoElement;
  private patience = 0;
  private first: (() => void) | null = null;
  private ended = false;

  constructor(
    raw: MediaStreamTrack,
    private readonly told: Told,
  ) {
    this.video = watched(raw);
    this.pen = this.canvas.getContext("2d", { alpha: false });
    const [track] = this.canvas.captureStream().getVideoTracks();
    if (track === undefined) throw new Error("a canvas gives no track here");
    this.track = track;
    this.worker = new Worker(trusted(workerUrl));
    this.worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => this.hear(data));
    this.worker.addEventListener("error", () => this.fail());
  }

  /** Begin; done with the first blurred picture. */
  async begin(): Promise<void> {
    await this.video.play();
    await new Promise<void>((resolve, reject) => {
      this.first = resolve;
      this.wait(FIRST_WITHIN_MS, () => reject(new Error("blur does not begin")));
      this.worker.addEventListener("error", () => reject(new Error("blur does not run")));
      this.say({ t: "begin", files: FILES });
    });
  }

  readonly stop = (): void => {
    this.ended = true;
    window.clearTimeout(this.patience);
    this.worker.terminate();
    this.track.stop();
    this.video.srcObject = null;
  };

  private hear(message: FromWorker): void {
    if (this.ended) return message.t === "picture" ? message.picture.close() : undefined;
    if (message.t === "more") return void this.send().catch(() => this.fail());
    if (message.t === "failed") return this.fail();
    this.draw(message.picture);
    this.told.slow(message.slow);
    this.wait(NEXT_WITHIN_MS, () => this.fail());
    this.first?.();
    this.first = null;
  }

  private async send(): Promise<void> {
    // A camera that rests for a moment has no picture to blur.
    while (!this.ended && this.video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
      await new Promise((resolve) => this.video.addEventListener("canplay", resolve, { once: true }));
    }
    if (this.ended) return;
    const frame = await createImageBitmap(this.video);
    this.say({ t: "frame", frame }, [frame]);
  }

  private draw(picture: ImageBitmap): void {
    const { canvas } = this;
    if (canvas.width !== picture.width || canvas.height !== picture.height) {
      canvas.width = picture.width;
      canvas.height = picture.height;
    }
    this.pen?.drawImage(picture, 0, 0);
    picture.close();
  }

  private fail(): void {
    if (this.ended) return;
    this.stop();
    this.told.failed();
  }

  private wait(ms: number, late: () => void): void {
    window.clearTimeout(this.patience);
    this.patience = window.setTimeout(late, ms);
  }

  private say(message: ToWorker, transfer: Transferable[] = []): void {
    this.worker.postMessage(message, transfer);
  }
}

/** What a browser that blurs by itself says of a track. */
interface Blurring {
  readonly backgroundBlur?: boolean;
}

const blursNow = (raw: MediaStreamTrack): boolean => (raw.getSettings() as Blurring).backgroundBlur === true;

/** Let the browser do it, where it can. Its member may turn it off outside the page: then it failed. */
async function byBrowser(raw: MediaStreamTrack, told: Told): Promise<Dressed | null> {
  const offered = (raw.getCapabilities?.() as { readonly backgroundBlur?: readonly boolean[] } | undefined)?.backgroundBlur;
  if (offered?.includes(true) !== true) return null;
  await raw.applyConstraints({ backgroundBlur: true }).catch(() => undefined);
  if (!blursNow(raw)) return null;
  const watch = (): void => {
    if (!blursNow(raw)) told.failed();
  };
  raw.addEventListener("configurationchange", watch);
  return {
    track: raw,
    stop: () => {
      raw.removeEventListener("configurationchange", watch);
      void raw.applyConstraints({ backgroundBlur: false }).catch(() => undefined);
    },
  };
}

/** This track with a blurred background; an error where that cannot be. */
export async function blur(raw: MediaStreamTrack, told: Told): Promise<Dressed> {
  const browsers = await byBrowser(raw, told);
  if (browsers) return browsers;
  await fetchFiles(told.progress);
  const made = new Blur(raw, told);
  try {
    await made.begin();
    return made;
  } catch (cause) {
    made.stop();
    throw cause;
  }
}

/**
 * Blurs what is behind a person, away from the page's own thread and its throttled timers.
 *
 * The library was written for a page: it looks for `window` and adds <script> elements. Here it finds
 * just enough of both. Only pictures that went through the mask are handed back.
 */

import { paced, restFor, UNTRIED, widthFor } from "@/core/blur";

/** Addresses of the library's files. */
export interface Files {
  readonly library: string;
  readonly parts: Readonly<Record<string, string>>;
}

export type ToWorker =
  | { readonly t: "begin"; readonly files: Files }
  | { readonly t: "frame"; readonly frame: ImageBitmap };

export type FromWorker =
  /** Send the next picture of the camera. */
  | { readonly t: "more" }
  | { readonly t: "picture"; readonly picture: ImageBitmap; readonly slow: boolean }
  | { readonly t: "failed" };

interface Found {
  readonly segmentationMask: CanvasImageSource;
}

interface Segmentation {
  onResults(listener: (found: Found) => void): void;
  setOptions(options: { readonly modelSelection: number; readonly selfieMode: boolean }): void;
  initialize(): Promise<void>;
  send(input: { readonly image: OffscreenCanvas }): Promise<void>;
}

interface Scope {
  importScripts(address: unknown): void;
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  trustedTypes?: { createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL: (url: string) => unknown } };
  SelfieSegmentation?: new (config: { locateFile: (name: string) => string }) => Segmentation;
  window?: unknown;
  document?: unknown;
}

const scope = self as unknown as Scope;

/** Only this site's own files are run. */
const policy = scope.trustedTypes?.createPolicy("blur", {
  createScriptURL: (url) => {
    if (new URL(url, self.location.href).origin !== self.location.origin) throw new TypeError("not our own file");
    return url;
  },
});

const run = (address: string): void => scope.importScripts(policy?.createScriptURL(address) ?? address);

/** Behaves like a <script> element as far as the library uses one. */
class Script {
  private address = "";
  private readonly heard: Record<string, () => void> = {};

  setAttribute(name: string, value: string): void {
    if (name === "src") this.address = value;
  }

  addEventListener(name: string, listener: () => void): void {
    this.heard[name] = listener;
  }

  begin(): void {
    run(this.address);
    this.heard["load"]?.();
  }
}

function pretendPage(): void {
  scope.window = self;
  scope.document = {
    createElement: (name: string) => (name === "canvas" ? new OffscreenCanvas(1, 1) : new Script()),
    body: { appendChild: (script: Script) => script.begin() },
    addEventListener: () => undefined,
  };
}

/** The soft steps a picture is made small by, and large again. */
const STEPS = [1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 8, 1 / 4, 1 / 2] as const;

type Pen = OffscreenCanvasRenderingContext2D;

function penOf(canvas: OffscreenCanvas): Pen {
  const pen = canvas.getContext("2d");
  if (pen === null) throw new Error("no canvas");
  return pen;
}

const steps = STEPS.map(() => new OffscreenCanvas(1, 1));
const input = new OffscreenCanvas(1, 1);
const output = new OffscreenCanvas(1, 1);

function resized(canvas: OffscreenCanvas, width: number, height: number): OffscreenCanvas {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  return canvas;
}

/** Canvas filters are not everywhere; shrinking and growing step by step is, and blurs well. */
function blurred(picture: OffscreenCanvas): OffscreenCanvas {
  let last = picture;
  STEPS.forEach((share, at) => {
    const next = resized(steps[at] as OffscreenCanvas, Math.ceil(picture.width * share), Math.ceil(picture.height * share));
    const pen = penOf(next);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(last, 0, 0, next.width, next.height);
    last = next;
  });
  return last;
}

/** The person as they are, on top of everything blurred. */
function compose(mask: CanvasImageSource): ImageBitmap {
  const { width, height } = input;
  const pen = penOf(resized(output, width, height));
  pen.globalCompositeOperation = "copy";
  pen.drawImage(mask, 0, 0, width, height);
  pen.globalCompositeOperation = "source-in";
  pen.drawImage(input, 0, 0);
  pen.globalCompositeOperation = "destination-over";
  pen.drawImage(blurred(input), 0, 0, width, height);
  return output.transferToImageBitmap();
}

let library: Segmentation | null = null;
let began_ms = 0;
let pace = UNTRIED;

/** Timers of a worker keep their time where those of a page in the background do not. */
function hand(picture: ImageBitmap): void {
  const now_ms = performance.now();
  pace = paced(pace, now_ms - began_ms, now_ms);
  scope.postMessage({ t: "picture", picture, slow: pace.slow }, [picture]);
  setTimeout(() => scope.postMessage({ t: "more" }), restFor(pace));
}

async function begin({ library: address, parts }: Files): Promise<void> {
  pretendPage();
  run(address);
  if (scope.SelfieSegmentation === undefined) throw new Error("the library did not come");
  const made = new scope.SelfieSegmentation({ locateFile: (name) => parts[name] ?? name });
  made.setOptions({ modelSelection: 1, selfieMode: false });
  made.onResults(({ segmentationMask }) => hand(compose(segmentationMask)));
  await made.initialize();
  library = made;
  scope.postMessage({ t: "more" });
}

async function take(frame: ImageBitmap): Promise<void> {
  began_ms = performance.now();
  const width = widthFor(pace, frame.width);
  const height = Math.round((frame.height * width) / frame.width);
  penOf(resized(input, width, height)).drawImage(frame, 0, 0, width, height);
  frame.close();
  await library?.send({ image: input });
}

self.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  const done = data.t === "begin" ? begin(data.files) : take(data.frame);
  done.catch(() => scope.postMessage({ t: "failed" }));
});

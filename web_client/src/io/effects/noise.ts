/** Strong noise suppression on this computer (RNNoise), fetched when it is first chosen. */
import { loadRnnoise, RnnoiseWorkletNode } from "@sapphi-red/web-noise-suppressor";
import simdUrl from "@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url";
import url from "@sapphi-red/web-noise-suppressor/rnnoise.wasm?url";
import workletUrl from "@sapphi-red/web-noise-suppressor/rnnoiseWorklet.js?url";

import { onSleep } from "@/io/effects/asleep";
import type { Dressed } from "@/io/effects/dressed";

/** The model knows this rate only. */
const RATE_HZ = 48_000;
/** A browser that wants a press first keeps the sound asleep; better the usual way than silence. */
const AWAKE_WITHIN_MS = 1_500;

let binary: Promise<ArrayBuffer> | null = null;

/** Awake, or an error. */
async function awake(context: AudioContext): Promise<void> {
  const patience = new Promise((resolve) => window.setTimeout(resolve, AWAKE_WITHIN_MS));
  await Promise.race([context.resume(), patience]);
  if (context.state !== "running") throw new Error("the sound is asleep");
}

/** This track without noise; an error where that cannot be. Where it falls asleep later on, that is told: it is silent then. */
export async function quiet(raw: MediaStreamTrack, asleep: () => void): Promise<Dressed> {
  const context = new AudioContext({ sampleRate: RATE_HZ, latencyHint: "interactive" });
  try {
    binary ??= loadRnnoise({ url, simdUrl });
    const [wasmBinary] = await Promise.all([binary, context.audioWorklet.addModule(workletUrl), awake(context)]);
    const source = context.createMediaStreamSource(new MediaStream([raw]));
    const cleaner = new RnnoiseWorkletNode(context, { wasmBinary, maxChannels: 1 });
    const out = context.createMediaStreamDestination();
    source.connect(cleaner).connect(out);
    const [track] = out.stream.getAudioTracks();
    if (track === undefined) throw new Error("no sound comes out");
    const unwatch = onSleep(context, asleep);
    return {
      track,
      stop: () => {
        unwatch();
        track.stop();
        cleaner.destroy();
        void context.close();
      },
    };
  } catch (cause) {
    binary = null;
    await context.close().catch(() => undefined);
    throw cause;
  }
}

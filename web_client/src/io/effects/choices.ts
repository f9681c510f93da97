/** What a member wants done to picture and voice, and how that goes. The work is fetched when wanted. */
import { type Signal, signal, effect } from "@preact/signals";

import type { BlurState } from "@/core/blur";
import { type Dressed, plain } from "@/io/effects/dressed";
import type { Worn } from "@/io/devices";
import { keep, kept, local } from "@/io/keep";

/** `usual` is the browser's own suppression of noise. */
export type Noise = "usual" | "strong" | "off";

function remembered<T>(key: string, otherwise: T): Signal<T> {
  const value = signal(kept(local, key, otherwise));
  effect(() => keep(local, key, value.value));
  return value;
}

export const blurWanted = remembered("blur", false);
export const blurState = signal<BlurState>("off");
/** How much of what blur needs has come, 0 to 1. */
export const blurShare = signal(0);

export const noise = remembered<Noise>("noise", "usual");
/** Strong suppression was chosen and does not work: the voice goes as it is. */
export const noiseTrouble = signal(false);

/** The camera as it may be seen. With blur wanted that is blurred, or an error. */
export async function dressCamera(raw: MediaStreamTrack, { failed }: Pick<Worn, "failed">): Promise<Dressed> {
  if (!blurWanted.value) {
    blurState.value = "off";
    return plain(raw);
  }
  blurState.value = "starting";
  blurShare.value = 0;
  const lost = (): void => {
    blurState.value = "failed";
    failed();
  };
  try {
    const { blur } = await import("@/io/effects/blur");
    const worn = await blur(raw, {
      progress: (share) => (blurShare.value = share),
      slow: (slow) => (blurState.value = slow ? "slow" : "on"),
      failed: lost,
    });
    if (blurState.value === "starting") blurState.value = "on";
    return worn;
  } catch (cause) {
    blurState.value = "failed";
    throw cause;
  }
}

/** The voice as it is sent: never lost for the sake of its quality. */
export async function dressMic(raw: MediaStreamTrack, { instead }: Pick<Worn, "instead">): Promise<Dressed> {
  noiseTrouble.value = false;
  if (noise.value !== "strong") return plain(raw);
  try {
    const { quiet } = await import("@/io/effects/noise");
    return await quiet(raw, () => void asItIs(raw).then(instead));
  } catch {
    return asItIs(raw);
  }
}

/** The voice through the browser's own suppression, and the reason told. */
async function asItIs(raw: MediaStreamTrack): Promise<Dressed> {
  noiseTrouble.value = true;
  await raw.applyConstraints({ noiseSuppression: true, echoCancellation: true, autoGainControl: true }).catch(() => undefined);
  return plain(raw);
}

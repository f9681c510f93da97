/**
 * What is told of the own camera, microphone and screen. Off is off; why is told apart: a fault of the device
 * or of the line, which counts for nothing, or a choice.
 */

import { faultOf } from "./check.js";
import type { ClientMessage, DeviceTrouble } from "./wire.js";

export interface Own {
  /** What the camera's device says of itself. */
  readonly device: string;
  /** There is a picture to send. */
  readonly picture: boolean;
  /** The computer, not the member, holds the picture back: a switch of the system, another program, a call that came in. */
  readonly held: boolean;
  readonly mic: boolean;
  readonly screen: boolean;
  /** The member asked for sound only. */
  readonly soundOnly: boolean;
  /** The figures say that line or device carry no picture, or there is no line now. */
  readonly weak: boolean;
  /** The browser has stopped sending the picture because the line is too narrow. */
  readonly paused: boolean;
}

type Media = Extract<ClientMessage, { t: "media" }>;

export function mediaOf(own: Own): Media {
  const { mic, screen } = own;
  const trouble = troubleOf(own);
  const camera = own.picture && !own.soundOnly && trouble === "";
  return { t: "media", camera, mic, screen, trouble };
}

function troubleOf({ device, picture, held, soundOnly, weak, paused }: Own): DeviceTrouble {
  if (!picture) return faultOf(device);
  // Sound only is a choice wherever the line carries more.
  if (soundOnly) return weak ? "weak" : "";
  return held ? "busy" : paused ? "weak" : "";
}

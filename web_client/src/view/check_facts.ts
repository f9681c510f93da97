/** What the device check knows: the booking, the devices, the line, and what was good before. */
import { useEffect, useRef, useState } from "preact/hooks";

import { lineOf, stillGood } from "@/core/check";
import type { Booking } from "@/core/model";
import type { Reach, Step } from "@/core/reach";
import { api, ApiError } from "@/io/api";
import { chimes } from "@/io/chimes";
import { serverNow } from "@/io/clock";
import { devices } from "@/io/devices";
import { blurWanted } from "@/io/effects/choices";
import { isBlack } from "@/io/probes";
import { reach } from "@/io/reach";
import { keep, kept, local } from "@/io/keep";
import { singleKeys } from "@/io/settings";
import { socket } from "@/io/socket";
import { bookings } from "@/io/store";

const LOOK_EVERY_MS = 1_000;
const BLACK_AFTER = 3;
const SILENT_AFTER_MS = 5_000;

type Found = Booking | "missing" | null;

/** The booking, from what is known already or from the server. */
export function useBooking(id: string): Found {
  const known = bookings.value.get(id) ?? null;
  const [asked, setAsked] = useState<Found>(null);
  useEffect(() => {
    if (id === "") return;
    api.booking(id).then(setAsked, (error: unknown) => {
      if (error instanceof ApiError && error.status === 404) setAsked("missing");
    });
  }, [id]);
  return known ?? asked;
}

/** Open the devices at once where the browser will not ask. */
export function useOpenWhenGranted(): void {
  useEffect(() => {
    if (devices.camera.state.value !== "idle") return;
    void devices.granted().then((granted) => granted && void devices.open());
  }, []);
}

/** How this browser reaches a partner, tried as soon as the server is there, and again when it is back:
 * then the network may be another one. */
function useReach(): readonly [found: Reach | Step, again: () => void] {
  const [found, setFound] = useState<Reach | Step>("looking");
  const [tries, setTries] = useState(0);
  const open = socket.state.value === "open";
  useEffect(() => socket.connect(), []);
  useEffect(() => {
    if (!open) return;
    const ended = new AbortController();
    const tell = (news: Reach | Step): void => {
      if (!ended.signal.aborted) setFound(news);
    };
    void reach(tell, ended.signal).then(tell);
    return () => ended.abort();
  }, [open, tries]);
  return [found, () => setTries(tries + 1)];
}

/** An own picture that stays black, in the video of this address in the page. */
export function useBlack(where: string): boolean {
  const [black, setBlack] = useState(0);
  const track = devices.camera.track.value;
  useEffect(() => {
    setBlack(0);
    if (track === null) return;
    const id = window.setInterval(() => {
      const video = document.querySelector<HTMLVideoElement>(where);
      if (video) setBlack((count) => (isBlack(video) ? count + 1 : 0));
    }, LOOK_EVERY_MS);
    return () => window.clearInterval(id);
  }, [track, where]);
  return black >= BLACK_AFTER;
}

/** A microphone that stays silent while it is on. */
function useSilence(): readonly [silent: boolean, heard: () => void] {
  const [silent, setSilent] = useState(false);
  const timer = useRef(0);
  const track = devices.mic.track.value;
  const on = devices.micOn.value;
  useEffect(() => {
    setSilent(false);
    if (track === null || !on) return;
    timer.current = window.setTimeout(() => setSilent(true), SILENT_AFTER_MS);
    return () => window.clearTimeout(timer.current);
  }, [track, on]);
  const heard = () => {
    window.clearTimeout(timer.current);
    setSilent(false);
  };
  return [silent, heard];
}

/** The rows' facts, joined. */
export function useFacts() {
  const black = useBlack(".check-preview video");
  const [silent, heardSound] = useSilence();
  const [found, again] = useReach();
  const camera = devices.camera.state.value === "on" && black ? "black" : devices.camera.state.value;
  const mic = devices.mic.state.value === "on" && silent ? "silent" : devices.mic.state.value;
  const line = lineOf({
    reached: socket.state.value !== "lost" && socket.state.value !== "offline" && socket.ended.value === 0,
    round_ms: socket.roundTrip.value,
    way: typeof found === "string" ? found : found.way,
  });
  const details = typeof found === "string" ? [] : found.details;
  return { camera, mic, line, details, again, heardSound } as const;
}

/** Remember a good check, so that the next one starts green. */
export function useMemory(good: boolean) {
  const [heard, setHeard] = useState(stillGood(kept(local, "check.heard", 0), serverNow()));
  useEffect(() => {
    if (good) keep(local, "check.good", serverNow());
  }, [good]);
  return [
    heard,
    () => {
      setHeard(true);
      keep(local, "check.heard", serverNow());
    },
  ] as const;
}

export function useKeys(): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const typing = event.target instanceof Element && event.target.matches("input, select, textarea");
      if (typing || !singleKeys.value || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key.toLowerCase() === "m") void devices.setMic(!devices.micOn.value);
      if (event.key.toLowerCase() === "u") void devices.setBlur(!blurWanted.value);
      if (event.key.toLowerCase() === "p") void chimes.play("begin");
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
}


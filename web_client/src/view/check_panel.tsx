/** The device check: what works, what does not and how to mend it, and the way into the room. */
import "@/styles/room.css";
import "@/styles/check.css";

import { Circle, CircleDashed, Mic, MicOff } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { mayEnter, type Sum, sumOf } from "@/core/check";
import { type Booking, ms } from "@/core/model";
import { firstName } from "@/core/names";
import { chimes } from "@/io/chimes";
import { now, serverNow } from "@/io/clock";
import { devices } from "@/io/devices";
import { blurState, blurWanted } from "@/io/effects/choices";
import { dayWord } from "@/io/live";
import { keep, kept, local } from "@/io/keep";
import { instance, times } from "@/io/store";
import { Button, ButtonLink, Link } from "@/view/parts/button";
import { Heading } from "@/view/parts/heading";
import { useBooking, useFacts, useKeys, useMemory, useOpenWhenGranted } from "@/view/check_facts";
import { LineRow } from "@/view/check_line";
import { DeviceRow, Meter, SoundRow } from "@/view/check_rows";
import { BlurStarting, useBlurNews } from "@/view/room/blur";
import { OwnPicture } from "@/view/room/tile";
import { t as reachWord } from "@/words/reach";
import { t } from "@/words/room";

const TASK = "first.";

/** What the member wrote under "What will you work on?", taken once into the room. */
export function takeFirstTask(booking: string): string {
  const text = kept(local, TASK + booking, "");
  keep(local, TASK + booking, undefined);
  return text;
}

function sumText(sum: Sum): string {
  if (sum.kind === "some") return t("check.sum.some", { n: sum.n });
  return sum.kind === "untried" ? reachWord("reach.sum.untried") : t(`check.sum.${sum.kind}`);
}

/** The line under the heading: when the doors open, and that nobody looks. */
function doorsText(booking: Booking | null): string {
  if (booking === null) return t("check.unseen");
  const left_ms = ms(booking.opens) - now.value;
  if (now.value >= ms(booking.closes)) return t("check.over");
  if (left_ms <= 0) return t("check.doors.open");
  return left_ms < 60_000 ? t("check.doors.soon") : t("check.doors", { n: Math.ceil(left_ms / 60_000) });
}

function about(booking: Booking): string {
  const start = ms(booking.start);
  const values = { day: dayWord(times.value, start, now.value), time: times.value.range(start, ms(booking.end)) };
  return booking.partner ? t("check.with", { ...values, name: firstName(booking.partner.name) }) : t("check.alone", values);
}

interface EnterProps {
  readonly booking: Booking;
  readonly ready: boolean;
  readonly onEnter: () => void;
}

/** Goes in at once when the doors are open; else waits at them and goes in by itself. */
function Enter({ booking, ready, onEnter }: EnterProps) {
  const [armed, setArmed] = useState(false);
  const gone = useRef(false);
  const button = useRef<HTMLButtonElement>(null);
  const opens = ms(booking.opens);
  const open = now.value >= opens;
  const enter = () => {
    if (gone.current) return;
    gone.current = true;
    onEnter();
  };
  useEffect(() => {
    if (!armed || !ready) return;
    if (open) return enter();
    // The page's clock moves by whole seconds; the doors open to the moment.
    const id = window.setTimeout(enter, Math.max(0, opens - serverNow()) + 30);
    return () => window.clearTimeout(id);
    // `enter` is the same press each time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [armed, ready, open, opens]);
  useEffect(() => {
    if (ready) button.current?.focus({ preventScroll: true });
  }, [ready]);
  const press = () => {
    void chimes.wake();
    if (open && ready) enter();
    else setArmed(!armed);
  };
  const word = open ? t("enter.now") : armed ? t("enter.armed", { time: times.value.time(opens) }) : t("enter.arm");
  return (
    <div class="check-enter">
      <Button kind="primary" big wide buttonRef={button} onPress={press} pressed={armed}>
        {word}
      </Button>
      {armed && !open && (
        <Button kind="plain" wide onPress={() => setArmed(false)}>
          {t("enter.disarm")}
        </Button>
      )}
    </div>
  );
}

function Pills() {
  const mic = devices.micOn.value;
  const MicIcon = mic ? Mic : MicOff;
  const blur = blurWanted.value;
  const BlurIcon = blur ? CircleDashed : Circle;
  const camera = devices.camera.state.value;
  return (
    <div class="check-pills">
      {devices.mic.track.value && (
        <button type="button" class="check-pill" aria-keyshortcuts="M" onClick={() => void devices.setMic(!mic)}>
          <MicIcon aria-hidden="true" size={18} strokeWidth={1.75} /> {t(mic ? "mic.on" : "mic.off")}
        </button>
      )}
      {(camera === "on" || camera === "dress" || blurState.value === "starting") && (
        <button type="button" class="check-pill" aria-keyshortcuts="U" aria-pressed={blur} onClick={() => void devices.setBlur(!blur)}>
          <BlurIcon aria-hidden="true" size={18} strokeWidth={1.75} /> {t(blur ? "blur.on" : "blur.off")}
        </button>
      )}
    </div>
  );
}

function Preview() {
  useBlurNews();
  const on = devices.camera.track.value !== null;
  const starting = blurState.value === "starting" && devices.camera.state.value === "asking";
  return (
    <div class="check-preview" role="group" aria-label={t("preview.label")}>
      {on ? <OwnPicture /> : starting ? <BlurStarting /> : <p>{t("preview.off")}</p>}
      {on && blurState.value === "slow" && <p class="tile-note">{t("blur.slow")}</p>}
      <Pills />
    </div>
  );
}

/** The first task, kept while it is typed. */
function FirstTask({ booking }: { readonly booking: string }) {
  const [text, setText] = useState(kept(local, TASK + booking, ""));
  const max = instance.value?.rules.task_max ?? 500;
  return (
    <label class="check-task">
      <span>{t("check.task")}</span>
      <input
        class="room-field"
        value={text}
        maxLength={max}
        onInput={(event) => {
          setText(event.currentTarget.value);
          keep(local, TASK + booking, event.currentTarget.value.trim() || undefined);
        }}
      />
      <span class="room-hint">{t("check.task.hint")}</span>
    </label>
  );
}

interface CheckProps {
  /** Empty for a check without a session. */
  readonly booking: string;
  readonly onEnter: () => void;
}

export function Check({ booking: id, onEnter }: CheckProps) {
  useOpenWhenGranted();
  useKeys();
  const found = useBooking(id);
  const { camera, mic, line, details, again, heardSound } = useFacts();
  const sum = sumOf(camera, mic, line);
  const [heard, setHeard] = useMemory(sum.kind === "good");
  const track = devices.mic.track.value;
  const going = useRef(false);
  useEffect(
    () => () => {
      // On the way into the room the devices stay as they are.
      if (!going.current) devices.close();
    },
    [],
  );
  const enter = () => {
    going.current = true;
    onEnter();
  };
  const booking = found === "missing" ? null : found;
  const before = sum.kind === "before";
  const closed = booking !== null && now.value >= ms(booking.closes);
  return (
    <div class="check">
      <header class="check-head">
        <Link class="check-back" href="/">
          ‹ {t("check.calendar")}
        </Link>
        {booking && <p>{about(booking)}</p>}
      </header>
      <main id="main" class="check-main" tabIndex={-1}>
        <Preview />
        <div class="check-side">
          <Heading title={found === "missing" ? t("check.missing") : sumText(sum)} class="check-heading" />
          {before ? <p>{t("check.before")}</p> : <p>{doorsText(booking)}</p>}
          {before ? (
            <Button kind="primary" big wide onPress={() => void devices.open()}>
              {t("check.go")}
            </Button>
          ) : (
            <ul class="check-rows">
              <DeviceRow kind="camera" state={camera} good={devices.camera.label.value || t("row.default")} />
              <DeviceRow
                kind="mic"
                state={mic}
                good={track && devices.micOn.value ? <Meter track={track} onSound={heardSound} /> : t("mic.off")}
              />
              <SoundRow heard={heard} onHeard={setHeard} />
              <LineRow line={line} details={details} onAgain={again} />
            </ul>
          )}
          {!before && id !== "" && !closed && <FirstTask booking={id} />}
          {!before && booking && !closed && mayEnter(camera) && <Enter booking={booking} ready={mayEnter(camera)} onEnter={enter} />}
          {id === "" && (sum.kind === "good" || sum.kind === "untried") && (
            <ButtonLink kind="primary" big wide href="/">
              {t("end.calendar")}
            </ButtonLink>
          )}
          {!before && !mayEnter(camera) && camera !== "asking" && <p class="room-hint">{t("check.no_camera")}</p>}
        </div>
      </main>
    </div>
  );
}

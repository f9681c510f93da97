/** The room: the check on the way in, then the session, then the way out. */
import "@/styles/room.css";

import { useEffect, useState } from "preact/hooks";

import { firstName } from "@/core/names";
import { chimes } from "@/io/chimes";
import { devices } from "@/io/devices";
import { seated } from "@/io/seat";
import { small } from "@/io/small";
import { instance, me } from "@/io/store";
import { Check, takeFirstTask } from "@/view/check_panel";
import { useKeptFocus } from "@/view/parts/focus";
import { CamerasBar } from "@/view/room/cameras_off";
import { Controls } from "@/view/room/controls";
import { follow } from "@/view/room/following";
import { Head } from "@/view/room/head";
import { expose, listen } from "@/view/room/keys";
import { applySettings } from "@/view/room/settings";
import { closeLayer, layer } from "@/view/room/layers";
import { EndBar } from "@/view/room/leave";
import { Entering, LineBar, Stuck } from "@/view/room/nudges";
import { SharingBar, TheirScreen } from "@/view/room/screen";
import { Over } from "@/view/room/over";
import { Side } from "@/view/room/side";
import { TaskLines, TaskStrip } from "@/view/room/task_line";
import { OwnTile, PartnerTile } from "@/view/room/tile";
import { Visit } from "@/view/room/visit";
import { t } from "@/words/room";

/** A reload waits this long for the camera before it takes its seat without one. */
const CAMERA_WITHIN_MS = 3_000;

export default function RoomPage({ about: booking }: { readonly about: string }) {
  const [inside, setInside] = useState(seated.is(booking));
  if (inside) return <Seat booking={booking} />;
  return (
    <Check
      booking={booking}
      onEnter={() => {
        seated.set(booking);
        setInside(true);
      }}
    />
  );
}

/** Make the visit and keep it while this page is shown. */
function useVisit(booking: string): Visit | null {
  const [visit, setVisit] = useState<Visit | null>(null);
  const rules = instance.value?.rules;
  useEffect(() => {
    if (rules === undefined) return;
    const made = new Visit(booking, rules, takeFirstTask(booking));
    let gone = false;
    void chimes.wake();
    const camera = devices.camera.track.value === null ? devices.open() : Promise.resolve();
    const patience = new Promise((resolve) => window.setTimeout(resolve, CAMERA_WITHIN_MS));
    void Promise.race([camera, patience]).then(() => gone || made.begin());
    const stops = [follow(made), listen(made), expose(made), applySettings(made), small.follow(made.call.shown)];
    setVisit(made);
    return () => {
      gone = true;
      stops.forEach((stop) => stop());
      made.end();
      devices.close();
      layer.value = null;
    };
    // The rules of an instance do not change while a page lives.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [booking]);
  return visit;
}

function Seat({ booking }: { readonly booking: string }) {
  const visit = useVisit(booking);
  useSeatMemory(visit, visit?.booking ?? booking);
  useFocusEnd(visit);
  if (visit === null) return <main id="main" class="room" tabIndex={-1} />;
  const { over, refused } = visit.state.value;
  if (refused !== "" && refused !== "too_early") return <Refused code={refused} />;
  if (over !== null) return <Over visit={visit} reason={over} />;
  return <Inside visit={visit} />;
}

/** Only a session that goes on is gone back to by a reload. */
function useSeatMemory(visit: Visit | null, booking: string): void {
  const state = visit?.state.value;
  const gone = state !== undefined && ((state.over !== null && state.over !== "other_tab") || (state.refused !== "" && state.refused !== "too_early"));
  useEffect(() => seated.set(gone ? "" : booking), [gone, booking]);
}

/** Focus ends by itself when the last minute begins. */
function useFocusEnd(visit: Visit | null): void {
  const wrapping = visit?.phase.value === "wrap" || visit?.phase.value === "ended";
  useEffect(() => {
    if (visit && wrapping) visit.focus.end(false);
  }, [visit, wrapping]);
}

function Inside({ visit }: { readonly visit: Visit }) {
  const name = firstName(visit.partner.value?.name ?? "");
  const label = name === "" ? t("room.label.alone") : t("room.label", { name });
  const sheet = layer.value === "sheet";
  const screen = visit.call.screen.value !== null;
  const stage = useKeptFocus<HTMLElement>();
  return (
    <div class={visit.focus.on.value ? "room room-focus" : "room"} data-phase={visit.phase.value}>
      <Head visit={visit} />
      <div class="room-body">
        <main id="main" ref={stage} class="room-stage" aria-label={label} tabIndex={-1}>
          <div class="room-bars">
            <Entering visit={visit} />
            <LineBar visit={visit} />
            <Stuck visit={visit} />
            <EndBar visit={visit} />
            <CamerasBar visit={visit} />
            <SharingBar visit={visit} />
            {visit.phase.value === "hello" && (
              <p class="room-bar room-hello">{t(visit.room.value?.carried === true ? "hello.text.again" : "hello.text")}</p>
            )}
          </div>
          <div class="tiles">
            <div class={screen ? "tile-box tile-box-screen" : "tile-box"}>
              {screen && <TheirScreen visit={visit} />}
              <div class="tile-stack">
                <PartnerTile visit={visit} />
                <OwnTile visit={visit} name={me.value?.name ?? ""} />
              </div>
              <TaskLines visit={visit} />
            </div>
          </div>
        </main>
        <TaskStrip visit={visit} />
        {sheet && <button type="button" class="room-veil" aria-label={t("sheet.close")} onClick={closeLayer} />}
        <Side visit={visit} sheet={sheet} />
      </div>
      <Controls visit={visit} />
    </div>
  );
}

const REFUSALS: Readonly<Record<string, "check.over" | "check.missing" | "over.cancelled">> = {
  closed: "check.over",
  not_found: "check.missing",
  cancelled: "over.cancelled",
};

function Refused({ code }: { readonly code: string }) {
  return (
    <main id="main" class="room-over" tabIndex={-1}>
      <h1>{t(REFUSALS[code] ?? "check.missing")}</h1>
      <div class="room-over-do">
        <a class="button primary wide" href="/">
          {t("over.calendar")}
        </a>
      </div>
    </main>
  );
}

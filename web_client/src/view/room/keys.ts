/** The room's single keys. They sleep in fields, and when the member turned them off. */
import { type RoomKey, roomKey } from "@/core/keys";
import { say } from "@/io/announce";
import { chimes } from "@/io/chimes";
import { devices } from "@/io/devices";
import { blurWanted } from "@/io/effects/choices";
import { singleKeys } from "@/io/settings";
import { closeLayer, layer, toggleLayer } from "@/view/room/layers";
import { toggleScreen } from "@/view/room/screen";
import { showTime } from "@/view/room/settings";
import { FIELDS } from "@/view/room/side";
import { toggleSmall } from "@/view/room/small";
import type { Visit } from "@/view/room/visit";
import { t } from "@/words/room";

const TYPED = "input:not([type=radio]):not([type=checkbox]):not([type=range]), textarea, select";

type Action = (visit: Visit) => void;

const DOES: Readonly<Record<RoomKey, Action>> = {
  mic: (visit) => visit.toggleMic(),
  camera: (visit) => visit.toggleCamera(),
  break: (visit) => ((visit.room.value?.you.break_until_ms ?? 0) > 0 ? visit.comeBack() : toggleLayer("break")),
  focus: (visit) => visit.focus.toggle(),
  small: (visit) => toggleSmall(visit),
  task: () => write("task"),
  chat: () => write("chat"),
  tick: (visit) => {
    const task = visit.task.value;
    if (task) visit.notes.tick(task.id, true);
  },
  blur: () => {
    // With the camera off there is nothing to see of it.
    if (devices.camera.state.value === "off") say(t(blurWanted.value ? "blur.off" : "blur.on"));
    void devices.setBlur(!blurWanted.value);
  },
  screen: (visit) => void toggleScreen(visit),
  time: () => (showTime.value = !showTime.value),
  leave: () => toggleLayer("leave"),
  help: () => toggleLayer("keys"),
};

/** What is done in the room itself, wherever the key was pressed. */
const IN_THE_ROOM: ReadonlySet<RoomKey> = new Set(["break", "task", "chat", "leave", "help"]);

/** Put the cursor into a field; on a phone the sheet opens first. */
function write(field: keyof typeof FIELDS): void {
  const target = () => document.getElementById(FIELDS[field]);
  if (target()?.offsetParent) return target()?.focus();
  toggleLayer("sheet");
  requestAnimationFrame(() => target()?.focus());
}

function escape(visit: Visit): void {
  if (layer.value !== null) return closeLayer();
  if (visit.focus.on.value) return visit.focus.end(true);
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

/**
 * Listen until the answer is called. Before the page's own keys, of which only some live here. The
 * small window is a page of its own, with the same keys.
 */
export function listen(visit: Visit, page: Window = window): () => void {
  const pressed = (event: KeyboardEvent): void => {
    void chimes.wake();
    if (event.key === "Escape") return escape(visit);
    const typing = (event.target as Element | null)?.matches?.(TYPED) === true;
    if (typing || !singleKeys.value || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const does = roomKey(event.key);
    if (does === null || visit.state.value.over !== null) return;
    event.preventDefault();
    if (page !== window && IN_THE_ROOM.has(does)) window.focus();
    // The browser asks for a screen only where the room itself was pressed.
    else if (page !== window && does === "screen" && !visit.call.sharing.value) return;
    DOES[does](visit);
  };
  // After a reload nothing sounds before the first press.
  const touched = (): void => void chimes.wake();
  page.addEventListener("keydown", pressed, { capture: true });
  page.addEventListener("pointerdown", touched, { capture: true });
  return () => {
    page.removeEventListener("keydown", pressed, { capture: true });
    page.removeEventListener("pointerdown", touched, { capture: true });
  };
}

/** What may be looked at but not touched by tests: state, no powers. */
export function expose(visit: Visit): () => void {
  const hook = Object.freeze({ figures: () => visit.call.figures(), devices: () => devices.camera.state.value });
  Object.defineProperty(window, "__alongside", { value: hook, configurable: true, enumerable: false });
  return () => void Reflect.deleteProperty(window, "__alongside");
}

/** The room's single keys. They sleep in fields, and when the member turned them off. */
import { devices } from "@/io/devices";
import { singleKeys } from "@/io/settings";
import { closeLayer, layer, toggleLayer } from "@/view/room/layers";
import { showTime } from "@/view/room/settings";
import { FIELDS } from "@/view/room/side";
import type { Visit } from "@/view/room/visit";

const TYPED = "input:not([type=radio]):not([type=checkbox]):not([type=range]), textarea, select";

type Action = (visit: Visit) => void;

const KEYS: Readonly<Record<string, Action>> = {
  m: (visit) => visit.toggleMic(),
  v: (visit) => visit.toggleCamera(),
  b: (visit) => ((visit.room.value?.you.break_until_ms ?? 0) > 0 ? visit.comeBack() : toggleLayer("break")),
  f: (visit) => visit.toggleFocus(),
  t: () => write("task"),
  c: () => write("chat"),
  x: (visit) => {
    const task = visit.task.value;
    if (task) visit.notes.tick(task.id, true);
  },
  h: () => (showTime.value = !showTime.value),
  l: () => toggleLayer("leave"),
  "?": () => toggleLayer("keys"),
};

/** Put the cursor into a field; on a phone the sheet opens first. */
function write(field: keyof typeof FIELDS): void {
  const target = () => document.getElementById(FIELDS[field]);
  if (target()?.offsetParent) return target()?.focus();
  toggleLayer("sheet");
  requestAnimationFrame(() => target()?.focus());
}

function escape(): void {
  if (layer.value !== null) return closeLayer();
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

/** Listen until the answer is called. Before the page's own keys, of which only some live here. */
export function listen(visit: Visit): () => void {
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === "Escape") return escape();
    const typing = event.target instanceof Element && event.target.matches(TYPED);
    if (typing || !singleKeys.value || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const act = KEYS[event.key.toLowerCase()];
    if (act === undefined || visit.state.value.over !== null) return;
    event.preventDefault();
    act(visit);
  };
  window.addEventListener("keydown", pressed, { capture: true });
  return () => window.removeEventListener("keydown", pressed, { capture: true });
}

/** What may be looked at but not touched by tests: state, no powers. */
export function expose(visit: Visit): () => void {
  const hook = Object.freeze({ figures: () => visit.call.figures(), devices: () => devices.camera.state.value });
  Object.defineProperty(window, "__alongside", { value: hook, configurable: true, enumerable: false });
  return () => void Reflect.deleteProperty(window, "__alongside");
}

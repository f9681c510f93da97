/**
 * One stay of this page in a room: joins what the hub, the partner's page, the devices and the
 * member do. Decisions are made in `core`; here they are only carried from one to the other.
 */
import { computed, effect, type Signal, signal, untracked } from "@preact/signals";

import { type Scene, sceneOf } from "@/core/absence";
import { chat, current, tasks } from "@/core/desk";
import type { Rules } from "@/core/model";
import type { Refusal } from "@/core/refusal";
import { following } from "@/core/next";
import { fold, isAnother, OUTSIDE, phase, type RoomState, settleNudge } from "@/core/session";
import type { Room, ServerMessage } from "@/core/wire";
import { MINUTE } from "@/core/zones";
import { now, serverNow } from "@/io/clock";
import { devices } from "@/io/devices";
import { keep, kept, tabwise } from "@/io/keep";
import { Call } from "@/io/peer";
import { rename } from "@/io/router";
import { seated } from "@/io/seat";
import { small } from "@/io/small";
import { settleAwaited } from "@/io/awaited";
import { socket } from "@/io/socket";
import { bookings, loadBooking, ownBookings } from "@/io/store";
import { Focus } from "@/view/room/focus";
import { Notes } from "@/view/room/notes";
import { SearchPresses } from "@/view/room/search";
import { ended, type Sitting } from "@/view/room/sitting";
import { Telling } from "@/view/room/telling";

/** A seat refused because the doors are a moment from opening is asked for again. */
const ASK_AGAIN_MS = 1_000;

const FOLDED = [
  "room",
  "seats",
  "partner",
  "nudge",
  "partner_late",
  "search",
  "asked",
  "ask_over",
  "over",
  "refused",
] as const;

export class Visit implements Sitting {
  readonly state = signal<RoomState>(OUTSIDE);
  readonly started = signal(false);
  /** The partner's wish to end together was seen and set aside. */
  readonly declined = signal(false);
  /** When this member first came in, by server time; 0 before. */
  readonly came_ms = signal(0);
  /** The session these two came from without leaving the room, while its check-in is open. */
  readonly former = signal<Sitting | null>(null);
  /** Since when this page has no line to the hub, by server time; 0 while it has. */
  readonly lost_ms = signal(0);
  readonly call = new Call({
    send: (message) => void socket.send(message),
    received: (data) => this.notes.fromPartner(data),
    opened: () => this.notes.greetPartner(),
    hub_rtt_ms: () => socket.roundTrip.peek(),
  });
  /** Faces and nothing else. */
  readonly focus = new Focus(this);
  /** What the own devices give, and what is told of it. */
  readonly telling = new Telling(this.call, () => this.seated());
  /** The own screen was shared, and that ended because the partner is another one now. */
  readonly screenKept = signal(false);
  /** Browser or computer did not let it be shared. */
  readonly screenRefused = signal<Refusal>("");
  /** Another partner. */
  readonly search = new SearchPresses(this.state);
  /** What the member last chose about both cameras off: a wish that is gone all the same was declined. */
  wishesOff = false;
  /** Tasks and chat. */
  readonly notes: Notes;

  readonly room = computed(() => this.state.value.room);
  readonly partner = computed(() => this.room.value?.partner ?? null);
  readonly phase = computed(() => {
    const { room, met_ms } = this.state.value;
    return room === null ? "doors" : phase(room, now.value, met_ms, this.started.value, this.wrapMs(room));
  });
  readonly chat = computed(() => chat(this.notes.desk.value));
  readonly mine = computed(() => tasks(this.notes.desk.value, socket.member.value));
  readonly theirs = computed(() => tasks(this.notes.desk.value, this.partner.value?.member ?? ""));
  readonly task = computed(() => current(this.mine.value));
  /** The two locked this session in: it changes only if asked for. */
  readonly locked = computed(() => this.state.value.change.locked || bookings.value.get(this.sitting.value)?.locked === true);
  /** What is shown in the partner's place; null while the partner is there. */
  readonly scene = computed<Scene | null>(() => sceneOf(this.state.value, now.value, this.rules.late_ms, this.locked.value));

  /** The booking sat for: another one once the two have gone on to their next session. */
  private readonly sitting: Signal<string>;
  private wanted = true;
  /** A partner is to be looked for as soon as the seat is taken. */
  private seeksInside = false;
  private asking = 0;
  private readonly endings: (() => void)[] = [];

  constructor(
    booking: string,
    private readonly rules: Rules,
    private firstTask: string,
  ) {
    this.sitting = signal(booking);
    this.notes = new Notes(rules, {
      near: (data) => this.near() && this.call.say(data),
      answer: (data) => void this.call.say(data),
      partner: () => this.partner.value?.member ?? "",
      memory: () => `desk.${this.room.value?.pair || this.booking}`,
    });
  }

  /** Whose next session begins at the end checks in before anybody may leave for it. */
  private wrapMs({ end_ms }: Room): number {
    const straight = following(ownBookings.value, end_ms, 0) !== undefined;
    return straight ? Math.max(MINUTE, this.rules.early_leave_ms) : MINUTE;
  }

  get booking(): string {
    return this.sitting.value;
  }

  /** Take the seat, and take it again whenever the line comes back. */
  begin(): void {
    for (const type of FOLDED) this.endings.push(socket.on(type, (message) => this.told(message)));
    this.endings.push(
      socket.on("welcome", () => this.enter()),
      socket.on("room", () => this.entered()),
      socket.on("negotiate", (message) => this.call.input(message)),
      socket.on("signal", (message) => this.call.input(message)),
      socket.on("entry", (entry) => this.notes.take([entry])),
      effect(() => this.watchLine()),
      effect(() => void (socket.seated = this.seated())),
      ...this.telling.follow(),
      effect(() => this.watchPartner()),
      this.search.follow(),
    );
    // A reload leaves no time to wait for a pause.
    const leaving = (): void => this.notes.keepNow();
    window.addEventListener("pagehide", leaving);
    this.endings.push(() => window.removeEventListener("pagehide", leaving));
    socket.connect();
    if (socket.state.value === "open") this.enter();
  }

  /** Let go of everything but the socket. The seat is held by the hub as for a lost line. */
  end(): void {
    this.wanted = false;
    window.clearTimeout(this.asking);
    this.endings.splice(0).forEach((stop) => stop());
    socket.seated = false;
    this.notes.keepNow();
    this.call.end();
  }

  // What the member does.

  startWorking(): void {
    this.started.value = true;
    void devices.setMic(false);
  }

  toggleMic(): void {
    void devices.setMic(!(devices.micOn.value && devices.mic.track.value !== null));
  }

  toggleCamera(): void {
    void devices.setCamera(devices.camera.track.value === null);
  }

  stepAway(minutes: number): void {
    socket.send({ t: "break", minutes });
  }

  comeBack(): void {
    socket.send({ t: "back" });
  }

  askEnd(): void {
    socket.send({ t: "end_together" });
  }

  /** Tell the partner that their picture is missing. */
  tellCamera(): void {
    socket.send({ t: "tell_camera" });
  }

  /** Ask to work with both cameras off, agree to it, decline it or take it back. */
  wishOff(on: boolean): void {
    this.wishesOff = on;
    socket.send({ t: "cameras_off", on });
  }

  settleNudge(): void {
    this.state.value = settleNudge(this.state.value);
  }

  /** Go on to the next session with the same partner, as soon as both say so. */
  readonly goOn = (): void => void socket.send({ t: "go_on" });

  /** Leave for good; coming back is possible as long as the session runs. */
  leave(): void {
    this.wanted = false;
    socket.send({ t: "leave" });
    this.state.value = { ...this.state.value, over: "left" };
    this.letGo();
  }

  /** Take the seat again, after leaving or from another tab. */
  async comeIn({ seek: wished = false } = {}): Promise<void> {
    this.seeksInside = wished;
    this.state.value = { ...this.state.value, over: null };
    this.wanted = true;
    if (devices.camera.track.value === null) await devices.open();
    if (socket.state.value === "closed") socket.connect();
    else this.enter();
  }

  // What the hub says.

  private enter(): void {
    if (!this.wanted) return;
    const { camera, mic } = this.telling.media.peek();
    socket.send({
      t: "enter",
      booking: this.booking,
      camera,
      mic,
      // A call that outlived the socket goes on as it is.
      gen: this.call.alive()?.gen ?? 0,
      path: this.call.alive()?.path ?? "direct",
      // The hub may know by now that this seat has another partner.
      pair: this.room.peek()?.pair ?? "",
    });
  }

  private told(message: ServerMessage): void {
    if (message.t === "room" && message.booking !== this.booking && !this.carry(message)) return;
    if (message.t === "partner" || (message.t === "room" && isAnother(this.room.peek(), message))) this.part();
    this.state.value = fold(this.state.value, message, serverNow());
    if (message.t === "over") this.letGo(message.reason);
    if (message.t === "refused" && message.ref === "enter" && message.code === "too_early") {
      this.asking = window.setTimeout(() => this.enter(), ASK_AGAIN_MS);
    }
  }

  /** Another partner, or none: before anything is known of them, everything of the former one ends. */
  private part(): void {
    if (this.call.sharing.peek()) this.screenKept.value = true;
    this.call.input({ t: "parted" });
    this.notes.part();
    this.declined.value = false;
  }

  /** The two go on in this room: it is the next session's from now on. Whether that is so. */
  private carry(next: Room): boolean {
    const room = this.room.peek();
    if (!next.carried || room === null || !this.wanted) return false;
    this.notes.keepNow();
    this.former.value = ended(this);
    this.sitting.value = next.booking;
    this.started.value = false;
    this.declined.value = false;
    seated.set(next.booking);
    rename(`/room/${next.booking}`);
    return true;
  }

  private letGo(reason = ""): void {
    this.wanted = false;
    this.call.share(null);
    this.call.close();
    this.focus.end(true, false);
    small.close();
    // Everything else is over soon anyway; another tab wants the camera now.
    if (reason !== "") this.notes.keepNow();
    devices.close();
  }

  private entered(): void {
    const room = this.room.value;
    if (room === null || room.booking !== this.booking) return;
    settleAwaited();
    this.call.input({ t: "entered" });
    // `enter` names camera and microphone only; the hub may remember what was wrong before.
    this.telling.tell();
    this.came_ms.value = kept(tabwise, `came.${this.booking}`, 0) || serverNow();
    keep(tabwise, `came.${this.booking}`, this.came_ms.value);
    this.notes.meet(room.log);
    if (this.firstTask !== "") this.notes.addTask(this.firstTask);
    this.firstTask = "";
    this.notes.sendUnsent();
    if (!bookings.peek().has(this.booking)) void loadBooking(this.booking);
    if (this.seeksInside) this.search.seek();
    this.seeksInside = false;
  }

  /** What is said over the call is sure to arrive. */
  private near(): boolean {
    const them = this.room.value?.them;
    return them?.here === true && !them.stalled && !this.call.lost.value;
  }

  private seated(): boolean {
    const { room, over } = this.state.value;
    return this.wanted && room !== null && over === null;
  }

  // What changes by itself.

  private watchLine(): void {
    const open = socket.state.value === "open";
    if (open) this.lost_ms.value = 0;
    else if (this.lost_ms.peek() === 0 && this.room.peek() !== null) this.lost_ms.value = serverNow();
  }

  private watchPartner(): void {
    const them = this.room.value?.them;
    if (them === undefined) return;
    untracked(() => {
      const here = them.here && !them.stalled && them.break_until_ms === 0;
      this.call.expect({ here, camera: them.camera, mic: them.mic, screen: them.screen });
      if (them.left) this.call.input({ t: "parted" });
    });
  }
}

/**
 * The one WebSocket of this tab: says hello, keeps server time, comes back when it is lost.
 *
 * Handlers are registered by the type of a message and called in the order of arrival. What was
 * missed while away is told again by the hub, from the epoch and offset named in `hello`; when
 * `welcome` says `resumed: false`, whoever shows anything loads it anew.
 */
import { signal } from "@preact/signals";

import { wait } from "@/core/backoff";
import { mayReturn, restBefore } from "@/core/close_codes";
import {
  type ClientMessage,
  decodeServer,
  encodeClient,
  type Of,
  PROTOCOL,
  type ServerMessage,
  type ServerType,
} from "@/core/wire";
import { heardTime } from "@/io/clock";
import { tabId } from "@/io/tabid";

/** `lost` is on its way back; `closed` stays so until `connect` is called again. */
export type SocketState = "closed" | "connecting" | "open" | "lost" | "offline";

type Handler = (message: ServerMessage) => void;

const SYNC_EVERY_MS = 10_000;
/** Round trips measured at once after connecting or when the clock was moved. */
const SYNC_BURST = 4;
const SYNC_GAP_MS = 150;
/** A ping unanswered this long means that the line is dead, whatever the browser thinks. */
const PONG_WITHIN_MS = 8_000;
const WELCOME_WITHIN_MS = 8_000;
/** More than this waiting to be sent means that nothing gets through. */
const BUFFER_MAX = 1_000_000;

export class SocketClient {
  readonly state = signal<SocketState>("closed");
  /** Whose socket this is, once welcomed. */
  readonly member = signal("");
  /** Code of the close that ended it for good; 0 otherwise. */
  readonly ended = signal(0);

  /** This page sits in a room: somebody waits for its line to come back. */
  seated = false;

  /** The last round trip, in milliseconds; null before the first. */
  readonly roundTrip = signal<number | null>(null);

  private socket: WebSocket | null = null;
  private readonly handlers = new Map<string, Set<Handler>>();
  private attempt = 0;
  private retry = 0;
  private patience = 0;
  private beat = 0;
  private pings = new Map<number, number>();
  private pinged = 0;
  private epoch = "";
  private offset = "";

  constructor(private readonly address: () => string = ownAddress) {
    window.addEventListener("online", () => this.soon());
    window.addEventListener("offline", () => this.state.value !== "closed" && this.lost());
    document.addEventListener("visibilitychange", () => document.hidden || this.sync());
    this.on("changed", (message) => {
      this.offset = message.offset;
      if (message.what === "clock") this.sync();
    });
  }

  /** Open the socket and keep it open. Calling again changes nothing. */
  connect(): void {
    if (this.state.value !== "closed") return;
    this.attempt = 0;
    this.ended.value = 0;
    this.open();
  }

  /** Close it and stay closed. */
  close(): void {
    this.state.value = "closed";
    this.drop();
    window.clearTimeout(this.retry);
  }

  /** Call `handler` for each message of a type; the answer takes it off again. */
  on<T extends ServerType>(type: T, handler: (message: Of<T>) => void): () => void {
    const all = this.handlers.get(type) ?? new Set<Handler>();
    this.handlers.set(type, all);
    all.add(handler as Handler);
    return () => all.delete(handler as Handler);
  }

  /** Send now, or say that it cannot be sent. Nothing is kept for later. */
  send(message: ClientMessage): boolean {
    if (this.state.value !== "open" && message.t !== "hello") return false;
    const { socket } = this;
    if (socket?.readyState !== WebSocket.OPEN || socket.bufferedAmount > BUFFER_MAX) return false;
    socket.send(encodeClient(message));
    return true;
  }

  /** Measure server time anew by several round trips. */
  sync(): void {
    for (let n = 0; n < SYNC_BURST; n += 1) window.setTimeout(() => this.ping(), n * SYNC_GAP_MS);
  }

  private open(): void {
    this.drop();
    this.state.value = navigator.onLine ? (this.attempt === 0 ? "connecting" : "lost") : "offline";
    const socket = new WebSocket(this.address());
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.patience = window.setTimeout(() => this.lost(), WELCOME_WITHIN_MS);
    socket.addEventListener("open", () => void this.greet(socket));
    socket.addEventListener("message", (event: MessageEvent<unknown>) => this.received(socket, event.data));
    socket.addEventListener("close", (event) => this.closed(socket, event.code));
  }

  private async greet(socket: WebSocket): Promise<void> {
    const tab = await tabId();
    if (socket !== this.socket) return;
    this.send({ t: "hello", v: PROTOCOL, tab, epoch: this.epoch, offset: this.offset });
  }

  private received(socket: WebSocket, data: unknown): void {
    if (socket !== this.socket || !(data instanceof ArrayBuffer)) return;
    let message: ServerMessage;
    try {
      message = decodeServer(new Uint8Array(data));
    } catch (cause) {
      console.warn("A message of the hub could not be read.", cause);
      return;
    }
    if (message.t === "welcome") this.welcomed(message);
    if (message.t === "pong") this.ponged(message);
    this.handlers.get(message.t)?.forEach((handler) => handler(message));
  }

  private welcomed({ member, epoch, offset }: Of<"welcome">): void {
    window.clearTimeout(this.patience);
    this.attempt = 0;
    this.epoch = epoch;
    this.offset = offset;
    this.member.value = member;
    this.state.value = "open";
    this.sync();
    this.beat = window.setInterval(() => this.ping(), SYNC_EVERY_MS);
  }

  private ping(): void {
    this.pinged += 1;
    if (!this.send({ t: "ping", n: this.pinged })) return;
    this.pings.set(this.pinged, performance.now());
    window.clearTimeout(this.patience);
    this.patience = window.setTimeout(() => this.lost(), PONG_WITHIN_MS);
  }

  private ponged({ n, server_ms, offset }: Of<"pong">): void {
    if (offset !== "") this.offset = offset;
    const sent = this.pings.get(n);
    this.pings.delete(n);
    if (this.pings.size === 0) window.clearTimeout(this.patience);
    if (sent === undefined) return;
    this.roundTrip.value = performance.now() - sent;
    heardTime(server_ms, sent);
  }

  private closed(socket: WebSocket, code: number): void {
    if (socket !== this.socket) return;
    if (mayReturn(code)) return this.lost(restBefore(code));
    this.ended.value = code;
    this.close();
  }

  /** Gone without having been asked to: try again after a while. */
  private lost(rest_ms = 0): void {
    this.drop();
    this.state.value = navigator.onLine ? "lost" : "offline";
    window.clearTimeout(this.retry);
    const wait_ms = wait(this.attempt, Math.random(), this.seated);
    this.retry = window.setTimeout(() => this.open(), rest_ms + wait_ms);
    this.attempt += 1;
  }

  private soon(): void {
    if (this.state.value !== "lost" && this.state.value !== "offline") return;
    this.attempt = 0;
    this.lost();
  }

  private drop(): void {
    window.clearTimeout(this.patience);
    window.clearInterval(this.beat);
    this.pings.clear();
    const { socket } = this;
    this.socket = null;
    socket?.close();
  }
}

function ownAddress(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`;
}

/** The socket of this tab. */
export const socket = new SocketClient();

/** Agrees with the partner's page on the words of `core/safety`, over a channel of its own. */
import { codeOf, frameOf, type Half, NUMBER_BYTES, same, sayingOf, seal } from "@/core/safety";
import { SAFETY_WORDS } from "@/words/safety";

/** The channel's number, on both pages. */
const CHANNEL = 2;

async function hash(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));
}

export interface Fingerprints {
  readonly own: string;
  readonly theirs: string;
}

export class Pact {
  private readonly number = crypto.getRandomValues(new Uint8Array(NUMBER_BYTES));
  private readonly channel: RTCDataChannel;
  private promised: Uint8Array | null = null;
  private settled = false;
  private over = false;
  /** What was heard is worked off in order. */
  private turn: Promise<void> = Promise.resolve();

  constructor(
    peer: RTCPeerConnection,
    /** As the two descriptions in force name them; null while they do not. */
    private readonly fingerprints: () => Fingerprints | null,
    private readonly agreed: (words: readonly string[]) => void,
  ) {
    this.channel = peer.createDataChannel("safety", { negotiated: true, id: CHANNEL });
    this.channel.binaryType = "arraybuffer";
    this.channel.addEventListener("open", () => void this.promise());
    this.channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer && !this.over) this.turn = this.turn.then(() => this.heard(new Uint8Array(data))).catch(() => undefined);
    });
  }

  /** Its connection is closed: what is still being worked out is nobody's any more. */
  end(): void {
    this.over = true;
    this.channel.close();
  }

  private async promise(): Promise<void> {
    this.say(frameOf({ t: "promise", hash: await hash(this.number) }));
  }

  private async heard(frame: Uint8Array): Promise<void> {
    const saying = sayingOf(frame);
    if (saying === null || this.settled) return;
    if (saying.t === "promise") {
      // The first promise binds; what comes later would be one made knowingly.
      if (this.promised !== null) return;
      this.promised = saying.hash;
      return this.say(frameOf({ t: "number", number: this.number }));
    }
    if (this.promised === null) return;
    this.settled = true;
    if (same(await hash(saying.number), this.promised)) await this.settle(saying.number);
  }

  private async settle(number: Uint8Array): Promise<void> {
    const both = this.fingerprints();
    if (both === null) return;
    const mine: Half = { fingerprint: both.own, number: this.number };
    const code = codeOf(await hash(seal(mine, { fingerprint: both.theirs, number })), SAFETY_WORDS);
    if (!this.over) this.agreed(code);
  }

  private say(frame: Uint8Array<ArrayBuffer>): void {
    if (!this.over && this.channel.readyState === "open") this.channel.send(frame);
  }
}

/**
 * A flag's evidence as two lanes: when each of the two was in the room, on their breaks, cut off.
 *
 * The scale runs from doors open to doors closed; positions are shares of it, 0 to 1.
 */
import { type Flag, ms, type Rules } from "@/core/model";
import { MINUTE } from "@/core/zones";

export type BarKind = "here" | "cut" | "break" | "unseen" | "fault";

export interface Bar {
  readonly kind: BarKind;
  readonly from: number;
  readonly to: number;
}

export interface Lanes {
  readonly from: number;
  readonly start: number;
  readonly end: number;
  readonly to: number;
  readonly you: readonly Bar[];
  readonly partner: readonly Bar[];
  /** The rule's moment, or null when the rule measures a length. */
  readonly mark: number | null;
}

/** Which kind of bar begins with each transition; null ends presence. */
const BEGINS: Readonly<Record<string, BarKind | null>> = {
  join: "here",
  rejoin: "here",
  back: "here",
  camera_on: "here",
  camera_off: "unseen",
  break: "break",
  drop: "cut",
  leave: null,
  end_agreed: null,
};

/** A fault is not counted for so long a session; beyond that the picture is missing like any other. */
function excused(bars: readonly Bar[], start: number, repair_ms: number): readonly Bar[] {
  let left = repair_ms;
  return bars.flatMap((bar): readonly Bar[] => {
    if (bar.kind !== "fault") return [bar];
    const until = Math.min(bar.to, Math.max(bar.from, start) + left);
    left -= Math.max(0, until - Math.max(bar.from, start));
    const parts: readonly Bar[] = [{ ...bar, to: until }, { ...bar, kind: "unseen", from: until }];
    return parts.filter(({ from, to }) => to > from);
  });
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** When both had agreed that cameras may be off. */
function freeOf(flag: Flag, until: number): readonly Span[] {
  const steps = flag.timeline.filter(({ who, seen }) => who === "you" && (seen === "off_agreed" || seen === "off_over"));
  return steps.flatMap(({ seen, at }, i): Span[] => {
    const next = steps[i + 1];
    return seen === "off_agreed" ? [{ from: ms(at), to: next ? ms(next.at) : until }] : [];
  });
}

/** A picture that was missing by agreement was not missing. */
function freed(bars: readonly Bar[], free: readonly Span[]): readonly Bar[] {
  return free.reduce<readonly Bar[]>(
    (left, { from, to }) =>
      left.flatMap((bar): readonly Bar[] => {
        if (bar.kind !== "unseen" || bar.to <= from || bar.from >= to) return [bar];
        const inside = { kind: "here", from: Math.max(bar.from, from), to: Math.min(bar.to, to) } as const;
        const parts: readonly Bar[] = [{ ...bar, to: inside.from }, inside, { ...bar, from: inside.to }];
        return parts.filter((part) => part.to > part.from);
      }),
    bars,
  );
}

function barsOf(flag: Flag, who: "you" | "partner", start: number, until: number, rules: Rules): readonly Bar[] {
  const steps = flag.timeline.filter((step) => step.who === who && Object.hasOwn(BEGINS, step.seen));
  const bars = steps.flatMap((step, i): Bar[] => {
    const kind = step.closed ? null : step.cause ? "fault" : (BEGINS[step.seen] ?? null);
    const next = steps[i + 1];
    const from = ms(step.at);
    const to = Math.min(until, next ? ms(next.at) : until);
    return kind && to > from ? [{ kind, from, to }] : [];
  });
  return freed(excused(bars, start, rules.camera_repair_ms), freeOf(flag, until));
}

/** The moment the rule names, for faults that are about a moment. */
function markOf(flag: Flag, start: number, end: number): number | null {
  const moments: Partial<Record<Flag["fault"], number>> = {
    late: start + flag.limit_ms,
    no_show: start + flag.limit_ms,
    early_leave: end - flag.limit_ms,
  };
  return moments[flag.fault] ?? null;
}

export function lanesOf(flag: Flag, rules: Rules): Lanes {
  const start = ms(flag.start);
  const end = start + flag.length_min * MINUTE;
  const to = end + rules.doors_close_ms;
  return {
    from: start - rules.doors_open_ms,
    start,
    end,
    to,
    you: barsOf(flag, "you", start, end, rules),
    partner: barsOf(flag, "partner", start, end, rules),
    mark: markOf(flag, start, end),
  };
}

/** Where an instant lies on the scale, 0 to 1. */
export const shareOf = ({ from, to }: Lanes, at: number): number =>
  Math.min(1, Math.max(0, (at - from) / (to - from)));

/** First and last moment of presence, or null when nobody was seen. */
export function presence(bars: readonly Bar[]): { from: number; to: number } | null {
  const [first] = bars;
  const last = bars.at(-1);
  return first && last ? { from: first.from, to: last.to } : null;
}

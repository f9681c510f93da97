/** How long there is to answer: a line that grows shorter, and nothing that counts. */
import { useEffect, useRef } from "preact/hooks";

import { serverNow } from "@/io/clock";
import { t } from "@/words/room";

const CALM = "(prefers-reduced-motion: reduce)";

export function AnswerTime({ until_ms }: { readonly until_ms: number }) {
  const line = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const left_ms = Math.max(0, until_ms - serverNow());
    if (line.current === null || left_ms === 0) return;
    // Without motion it steps a few times instead of gliding.
    const easing = window.matchMedia(CALM).matches ? "steps(3, end)" : "linear";
    const shrink = line.current.animate([{ scale: "1 1" }, { scale: "0 1" }], { duration: left_ms, easing, fill: "forwards" });
    return () => shrink.cancel();
  }, [until_ms]);
  return (
    <span class="answer-time" role="img" aria-label={t("change.until")}>
      <span ref={line} class="answer-time-left" />
    </span>
  );
}

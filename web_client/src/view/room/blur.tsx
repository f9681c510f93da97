/** What a member is told of blur: that it starts, that it is slow, that it does not work. */
import { useEffect, useRef } from "preact/hooks";

import { say } from "@/io/announce";
import { blurShare, blurState } from "@/io/effects/choices";
import { t } from "@/words/room";

/** In place of the own picture until a blurred one is there. */
export function BlurStarting() {
  const share = blurShare.value;
  const loading = share > 0 && share < 1;
  return (
    <div class="blur-starting">
      <p class="blur-starting-heading">{loading ? t("blur.loading", { n: Math.floor(share * 100) }) : t("blur.starting")}</p>
      <progress class="blur-share" max={1} {...(loading ? { value: share } : {})} aria-label={t("blur.starting")} />
      <p>{t("blur.starting.text")}</p>
    </div>
  );
}

const SAID = { starting: "blur.starting", on: "blur.ready", slow: "blur.slow", failed: "blur.failed" } as const;

/** Say each change of blur, but not how it was when the page opened. */
export function useBlurNews(): void {
  const state = blurState.value;
  const told = useRef(state);
  useEffect(() => {
    if (told.current === state) return;
    const recovered = told.current === "slow" && state === "on";
    told.current = state;
    if (state !== "off" && !recovered) say(t(SAID[state]));
  }, [state]);
}

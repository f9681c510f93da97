/** What settings are made of: a section, and a change that is kept by itself with "Saved" beside it. */
import "../you.css";
import "@/styles/settings.css";

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";

import type { MePatch } from "@/core/model";
import { alert, say } from "@/io/announce";
import { api, ApiError } from "@/io/api";
import { me, setMe } from "@/io/store";
import { Trouble } from "@/view/parts/trouble";
import { errorText, t } from "@/words/page";

/** The chapters with a page of their own, in this order. */
export const CHAPTERS = ["matching", "notifications", "calendars", "tokens"] as const;
export type Chapter = (typeof CHAPTERS)[number];

/** Keep one change; says "Saved" beside what was changed. */
export function useChange() {
  const saved = useSignal("");
  const error = useSignal<{ part: string; error: ApiError } | null>(null);
  const change = async (part: string, patch: MePatch) => {
    const before = me.value;
    if (!before) return;
    error.value = null;
    try {
      setMe(await api.changeMe(patch));
      saved.value = part;
      say(t("state.saved"));
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      // The controls show what is kept: go back to it.
      setMe({ ...before });
      error.value = { part, error: cause };
      alert(errorText(cause.code, cause.data));
    }
  };
  return { saved, error, change };
}

export type Change = ReturnType<typeof useChange>;

export function Saved({ state, part }: { readonly state: Change; readonly part: string }) {
  return state.saved.value === part ? <span class="saved">{t("state.saved")}</span> : null;
}

export function Wrong({ state, part }: { readonly state: Change; readonly part: string }) {
  return state.error.value?.part === part ? <Trouble error={state.error.value.error} /> : null;
}

interface SectionProps {
  readonly title: string;
  readonly id: string;
  readonly children: ComponentChildren;
}

export function Section({ title, id, children }: SectionProps) {
  return (
    <section class="settings" aria-labelledby={id}>
      <h2 class="label" id={id}>
        {title}
      </h2>
      <div class="card">{children}</div>
    </section>
  );
}

/** Changing a booked session: its title and its options. A change that costs the partner is asked about. */
import { useEffect, useId, useState } from "preact/hooks";

import type { Booking, Edit, Task } from "@/core/model";
import { instance } from "@/io/store";
import { change, consent, saved } from "@/view/booking/acts";
import { busy } from "@/view/calendar/state";
import { Button } from "@/view/parts/button";
import { Choose, Field, Switch } from "@/view/parts/controls";
import { t } from "@/words/booking";
import { t as pageText } from "@/words/page";

const TASKS: readonly Task[] = ["desk", "moving", "anything"];

interface Props {
  readonly booking: Booking;
}

export function TitleField({ booking }: Props) {
  const id = useId();
  const [text, setText] = useState(booking.title);
  useEffect(() => setText(booking.title), [booking.title]);
  const keep = () => {
    const title = text.trim();
    if (title !== booking.title) void change(booking, { title });
  };
  return (
    <form
      class="own-title-form"
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
    >
      <Field id={id} label={t("edit.title")}>
        {(ids) => (
          <input
            {...ids}
            type="text"
            dir="auto"
            autocomplete="off"
            maxLength={instance.value?.rules.title_max}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            onBlur={keep}
          />
        )}
      </Field>
      {saved.value === booking.id && <span class="saved">{t("edit.done")}</span>}
    </form>
  );
}

/** The change would end the match: only with consent. */
function Consent({ booking, edit }: Props & { readonly edit: Edit }) {
  return (
    <div class="sure">
      <p role="alert">{t("edit.rematch")}</p>
      <div class="row">
        <Button onPress={() => void change(booking, edit, true)} busy={busy.value}>
          {t("edit.rematch.yes")}
        </Button>
        <Button kind="plain" onPress={() => (consent.value = null)}>
          {t("edit.rematch.no")}
        </Button>
      </div>
    </div>
  );
}

export function EditOptions({ booking }: Props) {
  const asked = consent.value?.booking === booking.id ? consent.value.edit : null;
  const { task, quiet, prefer_favourites, also_shorter } = { ...booking, ...asked };
  const set = (edit: Edit) => void change(booking, edit);
  return (
    <div class="own-options">
      <Choose
        label={t("edit.task")}
        value={task}
        options={TASKS.map((value) => ({ value, text: pageText(`task.${value}`) }))}
        onChange={(value) => set({ task: value })}
      />
      <Switch
        text={t("edit.quiet")}
        hint={t("edit.quiet.hint")}
        on={quiet}
        onChange={(on) => set({ quiet: on })}
      />
      <Switch
        text={t("edit.favourites")}
        on={prefer_favourites}
        onChange={(on) => set({ prefer_favourites: on })}
      />
      {instance.value?.rules.cross_lengths && (
        <Switch
          text={t("options.shorter")}
          hint={t("options.shorter.hint")}
          on={also_shorter}
          onChange={(on) => set({ also_shorter: on })}
        />
      )}
      {asked && <Consent booking={booking} edit={asked} />}
    </div>
  );
}

/** Whom this member may be matched with, and who may lock them in. */
import type { Gender, Lockable } from "@/core/model";
import { me } from "@/io/store";
import { Choose, Switch } from "@/view/parts/controls";
import { Saved, Section, useChange, Wrong } from "@/view/settings/parts";
import { t } from "@/words/page";
import { t as words } from "@/words/people";

const GENDERS: readonly Gender[] = ["unsaid", "woman", "man", "non_binary"];
const ONLY = ["any", "woman", "man", "non_binary"] as const;

const LOCKABLE: readonly Lockable[] = ["everyone", "favourites", "nobody"];

export function Matching() {
  const state = useChange();
  const { gender = "unsaid", only_gender = null, accepts_quiet = true } = me.value ?? {};
  const lockable = me.value?.lockable ?? "favourites";
  return (
    <>
    <Section title={words("matching.title")} id="matching">
      <Choose
        label={t("you.gender")}
        value={gender}
        options={GENDERS.map((value) => ({ value, text: t(`gender.${value}`) }))}
        onChange={(value) => void state.change("gender", { gender: value })}
        note={<Saved state={state} part="gender" />}
      />
      <div>
        <Choose
          label={t("you.only")}
          value={only_gender && only_gender !== "unsaid" ? only_gender : "any"}
          options={ONLY.map((value) => ({
            value,
            text: value === "any" ? t("you.only.any") : t(`only.${value}`),
          }))}
          onChange={(value) =>
            void state.change("only", { only_gender: value === "any" ? null : value })
          }
          note={<Saved state={state} part="only" />}
        />
        <span class="hint">{t("you.only.hint")}</span>
      </div>
      <Switch
        text={t("you.quiet")}
        hint={t("you.quiet.hint")}
        on={accepts_quiet}
        onChange={(on) => void state.change("quiet", { accepts_quiet: on })}
        note={<Saved state={state} part="quiet" />}
      />
      <Wrong state={state} part="gender" />
      <Wrong state={state} part="only" />
      <Wrong state={state} part="quiet" />
    </Section>
    <Section title={words("lockable.title")} id="lockable">
      <fieldset class="choices">
        <legend class="sr">{words("lockable.title")}</legend>
        {LOCKABLE.map((value) => (
          <label key={value} class="choice">
            <input
              type="radio"
              name="lockable"
              checked={lockable === value}
              aria-describedby={`lockable-${value}`}
              onChange={() => void state.change("lockable", { lockable: value })}
            />
            <span>
              {words(`lockable.${value}`)} {lockable === value && <Saved state={state} part="lockable" />}
              <span class="hint" id={`lockable-${value}`}>
                {words(`lockable.${value}.hint`)}
              </span>
            </span>
          </label>
        ))}
      </fieldset>
      <Wrong state={state} part="lockable" />
    </Section>
    </>
  );
}


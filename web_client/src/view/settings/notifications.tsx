/** Which mails this member gets. */
import { me } from "@/io/store";
import { Switch } from "@/view/parts/controls";
import { Saved, Section, useChange, Wrong } from "@/view/settings/parts";
import { t } from "@/words/people";

export function Notifications() {
  const state = useChange();
  return (
    <Section title={t("settings.notifications")} id="notifications">
      <Switch
        text={t("mail.changes")}
        hint={t("mail.changes.hint")}
        on={me.value?.mail_changes ?? true}
        onChange={(on) => void state.change("changes", { mail_changes: on })}
        note={<Saved state={state} part="changes" />}
      />
      <Switch
        text={t("mail.reminders")}
        hint={t("mail.reminders.hint")}
        on={me.value?.mail_reminders ?? true}
        onChange={(on) => void state.change("reminders", { mail_reminders: on })}
        note={<Saved state={state} part="reminders" />}
      />
      <Wrong state={state} part="changes" />
      <Wrong state={state} part="reminders" />
    </Section>
  );
}

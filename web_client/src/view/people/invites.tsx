/** "Invite a friend": make a link, copy it, take it back. */
import "@/styles/people.css";

import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { type Invite, ms } from "@/core/model";
import { say } from "@/io/announce";
import { api, ApiError, requestId } from "@/io/api";
import { invites, loadInvites } from "@/io/community";
import { times, troubles } from "@/io/store";
import { attempt, busy, called, wrong } from "@/view/people/acts";
import { short } from "@/view/people/words";
import { Button } from "@/view/parts/button";
import { Segmented, Switch } from "@/view/parts/controls";
import { CopyField } from "@/view/parts/copy";
import { Panel } from "@/view/parts/panel";
import { Shapes, Trouble } from "@/view/parts/trouble";
import { t } from "@/words/people";

/** Whether the panel is open; other pages may open it before they come here. */
export const inviting = signal(false);

type Kind = "personal" | "single";

function Make() {
  const kind = useSignal<Kind>("personal");
  const always = useSignal(false);
  const url = useSignal("");
  const error = useSignal<ApiError | null>(null);
  const pending = useSignal(false);
  const make = async () => {
    if (pending.value) return;
    pending.value = true;
    error.value = null;
    try {
      url.value = (await api.makeInvite(kind.value, always.value, requestId())).url;
      void loadInvites();
      say(t("invites.fresh"));
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      error.value = cause;
    } finally {
      pending.value = false;
    }
  };
  if (url.value) {
    return (
      <div class="stack">
        <p>{t("invites.fresh")}</p>
        <CopyField label={t("invites.link")} value={url.value} />
      </div>
    );
  }
  return (
    <div class="stack">
      <p class="hint">{t("invites.lead")}</p>
      <div>
        <Segmented
          label={t("invites.kind")}
          value={kind.value}
          options={[
            { value: "personal", text: t("invites.personal") },
            { value: "single", text: t("invites.single") },
          ]}
          onChange={(next: Kind) => (kind.value = next)}
        />
        <p class="hint">{t(`invites.${kind.value}.hint`)}</p>
      </div>
      <Switch
        text={t("invites.always")}
        hint={t("invites.always.hint")}
        on={always.value}
        onChange={(on) => (always.value = on)}
      />
      {error.value && <Trouble error={error.value} />}
      <Button kind="primary" wide busy={pending.value} onPress={() => void make()}>
        {t("invites.make")}
      </Button>
    </div>
  );
}

const revoke = (invite: Invite) =>
  attempt(invite.id, async () => {
    await api.revokeInvite(invite.id, requestId());
    say(t("invites.revoked"));
    await loadInvites();
  });

function whatOf({ kind, to, start }: Invite): string {
  if (kind !== "member" || !to || !start) return t(`invites.${kind === "single" ? "single" : "personal"}`);
  return t("invitations.to", { name: called(to), ...short(ms(start)) });
}

function Row({ invite }: { readonly invite: Invite }) {
  const day = times.value.shortDay(ms(invite.created));
  const error = wrong.value?.id === invite.id ? wrong.value.error : null;
  return (
    <li class="link-row">
      <div>
        <b>{whatOf(invite)}</b>
        <small class="about">
          <span>{t("invites.made", { day })}</span>
          {invite.kind !== "member" && <span>{t("invites.uses", { n: invite.uses })}</span>}
          <span>{t("invites.expires", { day: times.value.shortDay(ms(invite.expires)) })}</span>
        </small>
      </div>
      <Button kind="plain" busy={busy.value === invite.id} onPress={() => void revoke(invite)}>
        <span aria-hidden="true">{t("invites.revoke")}</span>
        <span class="sr">{t("invites.revoke.of", { day })}</span>
      </Button>
      {error && <Trouble error={error} />}
    </li>
  );
}

function Mine() {
  const error = troubles.value["invites"];
  const mine = invites.value?.mine;
  if (error && !mine) return <Trouble error={error} onRetry={() => void loadInvites()} />;
  if (!mine) return <Shapes count={2} />;
  return (
    <section aria-labelledby="your-links">
      <h3 id="your-links">{t("invites.mine")}</h3>
      {mine.length === 0 && <p class="hint">{t("invites.none")}</p>}
      <ul class="links">
        {mine.map((invite) => (
          <Row key={invite.id} invite={invite} />
        ))}
      </ul>
    </section>
  );
}

export function InvitesPanel() {
  useEffect(() => void loadInvites(), []);
  return (
    <Panel title={t("invites.title")} onClose={() => (inviting.value = false)}>
      <Make />
      <Mine />
    </Panel>
  );
}

/** What others ask of this member: to be friends, to work together at a time. */
import "@/styles/people.css";

import { type Invite, ms } from "@/core/model";
import { firstName } from "@/core/names";
import { askers } from "@/core/people";
import { api, requestId } from "@/io/api";
import { invites, loadInvites, people } from "@/io/community";
import { say } from "@/io/announce";
import { attempt, busy, called, wrong } from "@/view/people/acts";
import { lockIn, outcome } from "@/view/people/lock";
import { LockSaid } from "@/view/people/parts";
import { Friend } from "@/view/people/menu";
import { long, rangeOf, Say, wholeDay } from "@/view/people/words";
import { Button } from "@/view/parts/button";
import { useKeptFocus } from "@/view/parts/focus";
import { Face, Name } from "@/view/parts/people";
import { Trouble } from "@/view/parts/trouble";
import { t } from "@/words/people";

const decline = (invite: Invite) =>
  attempt(invite.id, async () => {
    await api.declineInvite(invite.id, requestId());
    say(t("invitations.declined", { name: called(invite.by) }));
    await loadInvites();
  });

function Invitation({ invite, start }: { readonly invite: Invite; readonly start: string }) {
  const wanted = { member: invite.by, start, length_min: invite.length_min, invite: invite.id };
  const at = ms(start);
  const names = { ...long(at), name: called(invite.by) };
  const waits = outcome.value?.state === "busy" && outcome.value.wanted.invite === invite.id;
  const error = wrong.value?.id === invite.id ? wrong.value.error : null;
  const values = {
    name: <Name>{firstName(invite.by.name)}</Name>,
    day: wholeDay(at),
    range: <bdi class="whole">{rangeOf(wanted)}</bdi>,
  };
  return (
    <li class="asked">
      <Face name={invite.by.name} tone="warm" size={36} />
      <p>
        <Say id="invitations.one" values={values} />
      </p>
      <div class="row">
        <Button kind="soft" busy={waits} onPress={() => void lockIn(wanted)}>
          <span aria-hidden="true">{t("invitations.accept")}</span>
          <span class="sr">{t("invitations.accept.of", names)}</span>
        </Button>
        <Button kind="plain" busy={busy.value === invite.id} onPress={() => void decline(invite)}>
          <span aria-hidden="true">{t("invitations.decline")}</span>
          <span class="sr">{t("invitations.decline.of", names)}</span>
        </Button>
      </div>
      <LockSaid member={invite.by.id} at={wanted} />
      {error && <Trouble error={error} />}
    </li>
  );
}

/** Invitations to a time, of one member or of all. */
export const comingFrom = (by?: string): readonly { readonly invite: Invite; readonly start: string }[] =>
  (invites.value?.for_me ?? []).flatMap((invite) =>
    invite.start && (!by || invite.by.id === by) ? [{ invite, start: invite.start }] : [],
  );

/** An accepted one is gone from the list: its answer stays where it was pressed. */
function Accepted({ by }: { readonly by: string | undefined }) {
  const said = outcome.value;
  if (said?.state !== "done" || !said.wanted.invite) return null;
  if (by && said.wanted.member.id !== by) return null;
  if ((invites.value?.for_me ?? []).some(({ id }) => id === said.wanted.invite)) return null;
  return (
    <li class="asked">
      <LockSaid member={said.wanted.member.id} at={said.wanted} />
    </li>
  );
}

interface Props {
  /** With who asks to be friends as well. */
  readonly friends?: boolean;
  /** Only what this member asks. */
  readonly by?: string;
}

export default function Invitations({ friends = false, by }: Props) {
  const place = useKeptFocus<HTMLElement>();
  const all = friends ? askers(people.value?.values() ?? []) : [];
  const asking = all.filter(({ id }) => !by || id === by);
  const coming = comingFrom(by);
  const accepted = outcome.value?.state === "done" && outcome.value.wanted;
  const said = accepted && accepted.invite && (!by || accepted.member.id === by);
  if (asking.length === 0 && coming.length === 0 && !said) return null;
  return (
    <section class="invitations" aria-labelledby="for-you" ref={place}>
      <h2 class="label" id="for-you">
        {t("invitations.title")}
      </h2>
      <ul class="card">
        {coming.map(({ invite, start }) => (
          <Invitation key={invite.id} invite={invite} start={start} />
        ))}
        <Accepted by={by} />
        {asking.map((person) => (
          <li class="asked" key={person.id}>
            <Face name={person.name} tone="warm" size={36} />
            <p>
              <Say id="friend.asking" values={{ name: <Name>{person.name}</Name> }} />
              <small class="hint">{t("friend.asking.hint")}</small>
            </p>
            <Friend person={person} />
          </li>
        ))}
      </ul>
    </section>
  );
}

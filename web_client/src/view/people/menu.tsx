/** Everything else about somebody: write, friendship, snooze, block. One panel, one question at a time. */
import { type Signal, useSignal } from "@preact/signals";
import { Ban, Clock3, Handshake, MessageSquare, User } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";

import type { Relation } from "@/core/model";
import { firstName } from "@/core/names";
import { go, route } from "@/io/router";
import {
  acceptFriend,
  askFriend,
  block,
  busy,
  called,
  endFriend,
  wrong,
} from "@/view/people/acts";
import { SnoozeChoices } from "@/view/people/snooze";
import { Button, ButtonLink } from "@/view/parts/button";
import { Panel } from "@/view/parts/panel";
import { Name } from "@/view/parts/people";
import { Trouble } from "@/view/parts/trouble";
import { t } from "@/words/people";

type Step = "all" | "snooze" | "block";

interface MenuProps {
  readonly person: Relation;
  readonly onClose: () => void;
}

/** A question inside the panel takes the focus, so that it is read. */
function Question({ title, text = "" }: { readonly title: string; readonly text?: string }) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => ref.current?.focus(), []);
  return (
    <>
      <h3 ref={ref} tabIndex={-1}>
        {title}
      </h3>
      {text && <p>{text}</p>}
    </>
  );
}

function Snooze({ person, onClose, step }: MenuProps & { readonly step: Signal<Step> }) {
  return (
    <div class="stack">
      <Question title={t("snooze.title", { name: called(person) })} />
      <SnoozeChoices person={person} onDone={onClose}>
        <Button kind="plain" onPress={() => (step.value = "all")}>
          {t("block.no")}
        </Button>
      </SnoozeChoices>
    </div>
  );
}

function Block({ person, onClose, step }: MenuProps & { readonly step: Signal<Step> }) {
  const name = called(person);
  const yes = async () => {
    if (!(await block(person))) return;
    onClose();
    if (route.value.page === "person") go("/people", { replace: true });
  };
  return (
    <div class="stack">
      <Question title={t("block.title", { name })} text={t("block.text", { name })} />
      <div class="row">
        <Button kind="danger" busy={busy.value === person.id} onPress={() => void yes()}>
          {t("block.yes", { name })}
        </Button>
        <Button kind="plain" onPress={() => (step.value = "all")}>
          {t("block.no")}
        </Button>
      </div>
    </div>
  );
}

/** Asking, accepting and ending, by how far the friendship has come. */
export function Friend({ person, wide = false }: { readonly person: Relation; readonly wide?: boolean }) {
  const pending = busy.value === person.id;
  const name = called(person);
  const end = () => void endFriend(person);
  const icon = <Handshake class="icon" aria-hidden="true" />;
  if (person.friendship === "none") {
    return (
      <Button wide={wide} kind="plain" busy={pending} onPress={() => void askFriend(person)}>
        {icon} {t("friend.ask")}
      </Button>
    );
  }
  if (person.friendship === "friends") {
    return (
      <Button wide={wide} kind="plain" busy={pending} onPress={end}>
        {icon} {t("friend.end")}
      </Button>
    );
  }
  if (person.friendship === "asked") {
    return (
      <p class="friend-state">
        {icon} {t("friend.asked")}
        <Button kind="plain" busy={pending} label={undefined} onPress={end}>
          <span aria-hidden="true">{t("friend.withdraw")}</span>
          <span class="sr">{t("friend.withdraw.of", { name })}</span>
        </Button>
      </p>
    );
  }
  return (
    <div class="friend-state">
      <Button kind="soft" busy={pending} onPress={() => void acceptFriend(person)}>
        <span aria-hidden="true">{t("friend.accept")}</span>
        <span class="sr">{t("friend.accept.of", { name })}</span>
      </Button>
      <Button kind="plain" busy={pending} onPress={end}>
        {t("friend.decline")}
        <span class="sr">{t("friend.decline.of", { name })}</span>
      </Button>
    </div>
  );
}

function All({ person, step }: { readonly person: Relation; readonly step: Signal<Step> }) {
  const here = route.value.page === "person";
  return (
    <div class="menu">
      {!here && (
        <ButtonLink wide kind="plain" href={`/people/${person.id}`}>
          <User class="icon" aria-hidden="true" /> {t("person.profile")}
        </ButtonLink>
      )}
      {!here && (
        <ButtonLink wide kind="plain" href={`/messages/${person.id}`}>
          <MessageSquare class="icon" aria-hidden="true" /> {t("person.message")}
        </ButtonLink>
      )}
      <Friend person={person} wide />
      <Button wide kind="plain" onPress={() => (step.value = "snooze")}>
        <Clock3 class="icon" aria-hidden="true" /> {t("snooze.do")}
      </Button>
      <Button wide kind="plain" onPress={() => (step.value = "block")}>
        <Ban class="icon" aria-hidden="true" /> {t("block.do")}
      </Button>
    </div>
  );
}

export function PersonMenu({ person, onClose }: MenuProps) {
  const step = useSignal<Step>("all");
  const error = wrong.value?.id === person.id ? wrong.value.error : null;
  return (
    <Panel title={<Name>{firstName(person.name)}</Name>} onClose={onClose}>
      {error && <Trouble error={error} />}
      {step.value === "all" && <All person={person} step={step} />}
      {step.value === "snooze" && <Snooze person={person} onClose={onClose} step={step} />}
      {step.value === "block" && <Block person={person} onClose={onClose} step={step} />}
    </Panel>
  );
}

/** The partner's tile while nobody sits there: what is known, and what one may do. */
import { type Scene, worthMeeting } from "@/core/absence";
import { newsNow } from "@/core/change";
import { firstName } from "@/core/names";
import { lastSaid } from "@/core/threads";
import { now } from "@/io/clock";
import { threads } from "@/io/community";
import { times } from "@/io/store";
import { AnswerTime } from "@/view/room/answer_time";
import { bookedText, NextSlot } from "@/view/room/next_slot";
import { Initials } from "@/view/room/signs";
import type { Visit } from "@/view/room/visit";
import { type RoomWord, t } from "@/words/room";

/** What one may press. `find` is for who has no partner, `find_locked` for who locked one in. */
type Do = "find" | "find_locked" | "wait" | "stop" | "solo" | "next" | "leave" | "again" | "meet" | "keep" | "take" | "other";

interface Part {
  readonly heading: RoomWord;
  readonly text?: RoomWord;
  /** The first is the primary one, unless the scene is a calm one. */
  readonly does?: readonly Do[];
}

const SCENES: Readonly<Record<Scene, Part>> = {
  before: { heading: "late.before", text: "late.before.text" },
  before_alone: { heading: "late.before.none", text: "late.before.none.text" },
  fresh: { heading: "late.partner", text: "late.text" },
  fresh_alone: { heading: "late.none", text: "late.none.text" },
  offer: { heading: "late.partner", text: "late.offer", does: ["find", "wait"] },
  early: { heading: "late.partner", text: "late.early", does: ["wait", "leave"] },
  locked: { heading: "late.partner", text: "late.locked", does: ["wait", "leave", "find_locked"] },
  waits: { heading: "late.partner", text: "late.waiting", does: ["find", "leave"] },
  no_show: { heading: "late.partner", text: "late.no_show", does: ["find", "solo", "leave"] },
  alone: { heading: "late.none", text: "late.none.offer", does: ["find", "solo", "leave"] },
  left: { heading: "left.heading", text: "left.partner", does: ["find", "solo", "leave"] },
  replaced: { heading: "over.replaced", text: "over.replaced.text", does: ["find", "leave"] },
  soon: { heading: "change.looking", text: "change.soon", does: ["stop"] },
  looking: { heading: "change.looking", text: "change.looking.text", does: ["stop"] },
  newcomer: { heading: "change.newcomer", text: "change.newcomer.text", does: ["take", "other"] },
  nobody: { heading: "change.nobody", text: "change.nobody.text", does: ["solo", "next", "leave"] },
  asked: { heading: "change.asked", text: "change.asked.text", does: ["meet", "keep"] },
  solo: { heading: "change.solo.heading", text: "change.solo.text", does: ["again", "leave"] },
  over: { heading: "late.over", text: "late.over.text", does: ["leave"] },
};

/** Without time to begin with somebody, nobody is looked for. */
const SHORT: Partial<Record<Scene, RoomWord>> = { no_show: "late.no_show.only", left: "left.partner.only" };

/** Nothing presses here: the member has chosen. */
const CALM: ReadonlySet<Scene> = new Set(["waits", "solo", "looking", "soon"]);

const LOOKS: ReadonlySet<Do> = new Set(["find", "find_locked", "again"]);

function doesOf(visit: Visit, scene: Scene): readonly Do[] {
  const { does = [] } = SCENES[scene];
  const open = worthMeeting(visit.state.value, now.value) ? does : does.filter((each) => !LOOKS.has(each));
  // A lock-in stays unless the member asks: that way is the last and the quietest.
  if (!visit.locked.value || !open.includes("find")) return open;
  return [...open.filter((each) => each !== "find"), "find_locked"];
}

const ACTS: Readonly<Record<Exclude<Do, "next">, (visit: Visit) => void>> = {
  find: (visit) => visit.search.seek(),
  find_locked: (visit) => visit.search.seek(true),
  again: (visit) => visit.search.seek(visit.locked.value),
  wait: (visit) => visit.search.rest("wait"),
  stop: (visit) => visit.search.rest(visit.partner.value === null ? "" : "wait"),
  solo: (visit) => visit.search.rest("solo"),
  leave: (visit) => visit.leave(),
  meet: (visit) => visit.search.answer(true),
  take: (visit) => visit.search.answer(true),
  keep: (visit) => visit.search.answer(false),
  other: (visit) => visit.search.answer(false),
};

function wordOf(visit: Visit, each: Exclude<Do, "next">): string {
  const name = firstName(visit.partner.value?.name ?? "");
  const words: Readonly<Record<Exclude<Do, "next">, string>> = {
    find: t(name === "" ? "change.seek.alone" : "change.seek"),
    find_locked: t("change.seek.locked"),
    again: t("change.again"),
    wait: t("change.wait"),
    stop: t("change.stop"),
    solo: t("change.solo"),
    leave: t("change.leave"),
    meet: t("change.meet"),
    take: t("change.take"),
    keep: name === "" ? t("change.wait") : t("change.wait.for", { name }),
    other: t("change.other"),
  };
  return words[each];
}

/** Times and names the words of a scene need. */
function placesOf(visit: Visit, scene: Scene): { readonly name: string; readonly time: string } {
  const { room, late, change } = visit.state.value;
  const at: Partial<Record<Scene, number | undefined>> = {
    before: room?.opens_ms,
    before_alone: room?.start_ms,
    fresh: room?.start_ms,
    early: late?.change_from_ms,
    no_show: late?.next_ms,
    soon: change.looking?.until_ms,
    replaced: room?.replaced?.at_ms,
  };
  const name = scene === "replaced" ? room?.replaced?.name : room?.partner?.name;
  return { name: firstName(name ?? ""), time: times.value.time(at[scene] ?? now.value) };
}

function textOf(visit: Visit, scene: Scene): string {
  const { change } = visit.state.value;
  const places = placesOf(visit, scene);
  if (change.asked?.said === true || change.looking?.outcome === "found") return t("change.said");
  if (scene === "looking" && change.looking?.outcome === "asking") return t("change.asking");
  if (scene === "nobody" && bookedText(visit) !== "") return bookedText(visit);
  if (scene === "soon" && visit.partner.value === null) return t("change.soon.alone", places);
  const short = worthMeeting(visit.state.value, now.value) ? undefined : SHORT[scene];
  const word = short ?? SCENES[scene].text;
  return word === undefined ? "" : t(word, places);
}

/** The heading of a scene, also said aloud where it is an offer. */
export const headingOf = (visit: Visit, scene: Scene): string => t(SCENES[scene].heading, placesOf(visit, scene));

/** Why what was asked for did not come about. */
function Trouble({ visit }: { readonly visit: Visit }) {
  const news = newsNow(visit.state.value.change, now.value);
  if (news === null || (news.kind !== "over" && news.kind !== "failed")) return null;
  return <p class="tile-card-text">{t(`news.${news.kind}`)}</p>;
}

/** The partner's last line or message, which may say why. */
function LastLine({ visit }: { readonly visit: Visit }) {
  const partner = visit.partner.value;
  const { room } = visit.state.value;
  if (!partner || !room) return null;
  const line = lastSaid(visit.chat.value, threads.value ?? [], partner.member, room.start_ms);
  if (!line) return null;
  return (
    <p class="tile-card-small">
      {t("late.wrote", { name: firstName(partner.name), time: times.value.time(line.at_ms), text: line.text })}
    </p>
  );
}

function Buttons({ visit, scene }: { readonly visit: Visit; readonly scene: Scene }) {
  const does = doesOf(visit, scene);
  const busy = visit.state.value.change.asked?.said === true;
  if (does.length === 0 || busy) return null;
  return (
    <div class="tile-card-do">
      {does.map((each, at) => {
        if (each === "next") return <NextSlot key={each} visit={visit} />;
        const calm = at > 0 || CALM.has(scene);
        const kind = each === "find_locked" ? "plain" : calm ? "soft" : "primary";
        return (
          <button type="button" key={each} class={`button ${kind}`} onClick={() => ACTS[each](visit)}>
            {wordOf(visit, each)}
          </button>
        );
      })}
    </div>
  );
}

export function Absent({ visit, scene }: { readonly visit: Visit; readonly scene: Scene }) {
  const text = textOf(visit, scene);
  const { asked, looking } = visit.state.value.change;
  const waits = scene === "looking" && looking?.outcome === "asking";
  return (
    <div class="tile-card" data-scene={scene}>
      {visit.partner.value && <Initials name={visit.partner.value.name} />}
      <p class="tile-card-heading">{headingOf(visit, scene)}</p>
      {text && <p class="tile-card-text">{text}</p>}
      <Trouble visit={visit} />
      {waits && <AnswerTime key={looking.until_ms} until_ms={looking.until_ms} />}
      {asked?.said === false && <AnswerTime key={asked.until_ms} until_ms={asked.until_ms} />}
      <Buttons visit={visit} scene={scene} />
      <LastLine visit={visit} />
    </div>
  );
}

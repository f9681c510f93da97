/** The room is over for this page: why, and the way on. */
import { firstName } from "@/core/names";
import type { OverReason } from "@/core/wire";
import { now } from "@/io/clock";
import { times } from "@/io/store";
import { Button, ButtonLink } from "@/view/parts/button";
import { CheckIn } from "@/view/room/checkin";
import type { Visit } from "@/view/room/visit";
import { t } from "@/words/room";

function words(visit: Visit, reason: OverReason): readonly [string, string] {
  const room = visit.room.value;
  const running = room !== null && now.value < room.end_ms;
  switch (reason) {
    case "closed":
      return [t("over.closed"), t("over.closed.text")];
    case "left":
      return [t("over.left"), running ? t("over.left.text", { time: times.value.time(room.end_ms) }) : t("over.left.text.over")];
    case "ended_together":
      return [t("over.ended"), t("over.ended.text")];
    case "other_tab":
      return [t("over.other_tab"), t("over.other_tab.text")];
    case "cancelled":
      return [t("over.cancelled"), t("over.cancelled.text")];
    case "signed_out":
      return [t("over.signed_out"), t("over.signed_out.text")];
    case "replaced":
      return [
        t("over.replaced", {
          name: firstName(room?.partner?.name ?? ""),
          time: times.value.time(visit.state.value.over_ms),
        }),
        t("over.replaced.text"),
      ];
  }
}

function WayOn({ visit, reason }: { readonly visit: Visit; readonly reason: OverReason }) {
  const room = visit.room.value;
  const running = room !== null && now.value < room.end_ms;
  if (reason === "other_tab") {
    return (
      <Button kind="primary" wide onPress={() => void visit.comeIn()}>
        {t("over.use_here")}
      </Button>
    );
  }
  if (reason === "signed_out") {
    return (
      <ButtonLink kind="primary" wide href="/signin">
        {t("over.sign_in")}
      </ButtonLink>
    );
  }
  if (reason === "replaced") {
    return (
      <>
        <Button kind="primary" wide onPress={() => void visit.comeIn({ seek: true })}>
          {t("over.replaced.again")}
        </Button>
        <ButtonLink wide href="/">
          {t("replaced.leave")}
        </ButtonLink>
      </>
    );
  }
  return (
    <>
      <ButtonLink kind="primary" wide href="/">
        {t("over.calendar")}
      </ButtonLink>
      {reason === "left" && running && (
        <Button wide onPress={() => void visit.comeIn()}>
          {t("over.left.again")}
        </Button>
      )}
    </>
  );
}

const WITH_CHECKIN: ReadonlySet<OverReason> = new Set(["closed", "ended_together"]);

export function Over({ visit, reason }: { readonly visit: Visit; readonly reason: OverReason }) {
  const [heading, text] = words(visit, reason);
  return (
    <main id="main" class="room-over" tabIndex={-1}>
      <h1>{heading}</h1>
      <p>{text}</p>
      {WITH_CHECKIN.has(reason) && visit.room.value && (
        <div class="room-over-card">
          <CheckIn visit={visit} />
        </div>
      )}
      <div class="room-over-do">
        <WayOn visit={visit} reason={reason} />
      </div>
    </main>
  );
}

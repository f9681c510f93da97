/** What surrounds every page: skip links, bars, navigation, announcements, undo. */
import "./shell.css";

import { Calendar, ListChecks, MessageSquare, Users } from "lucide-preact";
import type { ComponentChildren } from "preact";

import { isBare, type PageName } from "@/core/routes";
import { alarm, status } from "@/io/announce";
import { unread } from "@/io/community";
import { route } from "@/io/router";
import { me } from "@/io/store";
import { offer, takeUndo } from "@/io/undo";
import { DemoBar, NextBar, OfflineBar, ZoneBar } from "@/view/bars";
import { Notices } from "@/view/notices";
import { Button, Link } from "@/view/parts/button";
import { Face, PairSign } from "@/view/parts/people";
import { t } from "@/words/page";

interface TabProps {
  readonly href: string;
  readonly here: boolean;
  readonly text: string;
  /** How many things wait there unread. */
  readonly count?: number;
  readonly children: ComponentChildren;
}

/** The most a badge says. */
const MANY = 99;

function Tab({ href, here, text, count = 0, children }: TabProps) {
  return (
    <Link class="tab" href={href} aria-current={here ? "page" : undefined}>
      <span class="mark">
        {children}
        {count > 0 && (
          <span class="badge" aria-hidden="true">
            {count > MANY ? `${MANY}+` : count}
          </span>
        )}
      </span>
      {text}
      {count > 0 && <span class="sr">, {t("nav.unread", { n: count })}</span>}
    </Link>
  );
}

const YOURS: ReadonlySet<PageName> = new Set(["you", "standing", "settings"]);
const OTHERS: ReadonlySet<PageName> = new Set(["people", "person", "free"]);

function Navigation() {
  const { page } = route.value;
  return (
    <nav class="rail" aria-label={t("nav.label")}>
      <PairSign />
      <ul>
        <li>
          <Tab href="/" here={page === "calendar"} text={t("nav.calendar")}>
            <Calendar class="icon" aria-hidden="true" />
          </Tab>
        </li>
        <li>
          <Tab href="/sessions" here={page === "sessions"} text={t("nav.sessions")}>
            <ListChecks class="icon" aria-hidden="true" />
          </Tab>
        </li>
        <li>
          <Tab href="/people" here={OTHERS.has(page)} text={t("nav.people")}>
            <Users class="icon" aria-hidden="true" />
          </Tab>
        </li>
        <li>
          <Tab
            href="/messages"
            here={page === "messages"}
            text={t("nav.messages")}
            count={unread.value}
          >
            <MessageSquare class="icon" aria-hidden="true" />
          </Tab>
        </li>
        <li class="last">
          <Tab href="/you" here={YOURS.has(page)} text={t("nav.you")}>
            <Face name={me.value?.name ?? ""} size={28} />
          </Tab>
        </li>
      </ul>
    </nav>
  );
}

/** The one polite and the one urgent region of the document. */
function Announcer() {
  return (
    <>
      <div class="sr" role="status">
        {status.value}
      </div>
      <div class="sr" role="alert">
        {alarm.value}
      </div>
    </>
  );
}

function UndoBar() {
  if (!offer.value) return null;
  return (
    <section class="undo" aria-label={t("do.undo")}>
      <span>{offer.value.text}</span>
      <Button kind="plain" onPress={takeUndo} keys="Z">
        {t("do.undo")}
      </Button>
    </section>
  );
}

export function Shell({ children }: { readonly children: ComponentChildren }) {
  const { page } = route.value;
  const bare = isBare(page) || !me.value?.welcomed;
  return (
    <>
      <a class="skip" href="#main">
        {t("skip.main")}
      </a>
      <OfflineBar />
      {!bare && <ZoneBar />}
      <DemoBar />
      {bare ? (
        children
      ) : (
        <div class="shell">
          <Navigation />
          <div class="place">
            <Notices />
            {page !== "calendar" && <NextBar />}
            {children}
          </div>
        </div>
      )}
      <UndoBar />
      <Announcer />
    </>
  );
}

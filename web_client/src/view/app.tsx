/** The application: starts what runs in the background and chooses the page of the address. */
import "./parts/parts.css";

import { effect } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

import { firstName } from "@/core/names";
import { nextOf } from "@/core/next";
import { isPublic, type PageName, partOf } from "@/core/routes";
import { MINUTE } from "@/core/zones";
import { now, startClock } from "@/io/clock";
import { startCommunity, unread } from "@/io/community";
import { startLive } from "@/io/live";
import { ApiError } from "@/io/api";
import { go, route, startRouter } from "@/io/router";
import { startTheme } from "@/io/settings";
import { instance, loadInstance, loadMe, me, ownBookings, startStore, troubles } from "@/io/store";
import { startWishes } from "@/io/wishes";
import { CalendarPage } from "@/view/calendar/page";
import { startKeys, KeysPanel } from "@/view/keys";
import { MissingPage } from "@/view/missing";
import { faulty, pageTitle, wholeTitle } from "@/view/parts/heading";
import { Shapes, Trouble } from "@/view/parts/trouble";
import { Shell } from "@/view/shell";
import { t } from "@/words/page";

interface PageProps {
  readonly about: string;
}

/** A page whose script is fetched when it is first gone to; a failed fetch can be tried again. */
function later(fetch: () => Promise<{ default: ComponentType<PageProps> }>): ComponentType<PageProps> {
  let Page: ComponentType<PageProps> | null = null;
  return function Later(props) {
    const [state, setState] = useState<"waiting" | "here" | "failed">(Page ? "here" : "waiting");
    useEffect(() => {
      if (state !== "waiting") return;
      fetch().then(
        (module) => {
          Page = module.default;
          setState("here");
        },
        () => setState("failed"),
      );
    }, [state]);
    if (Page) return <Page {...props} />;
    return state === "failed" ? <Failed onRetry={() => setState("waiting")} /> : <Waiting />;
  };
}

function Failed({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <main id="main" class="page" tabIndex={-1}>
      <Trouble error={new ApiError({ code: "offline" })} onRetry={onRetry} />
    </main>
  );
}

const PAGES: Readonly<Record<PageName, ComponentType<PageProps>>> = {
  calendar: CalendarPage,
  sessions: later(() => import("@/view/sessions")),
  session: later(() => import("@/view/session")),
  people: later(() => import("@/view/people/page")),
  person: later(() => import("@/view/people/person")),
  free: later(() => import("@/view/people/free")),
  messages: later(() => import("@/view/messages/page")),
  standing: later(() => import("@/view/standing")),
  settings: later(() => import("@/view/settings/page")),
  invite: later(() => import("@/view/people/invite")),
  you: later(() => import("@/view/you")),
  signin: later(() => import("@/view/signin")),
  welcome: later(() => import("@/view/welcome")),
  rules: later(() => import("@/view/rules")),
  mail: later(() => import("@/view/mail")),
  check: later(() => import("@/view/check")),
  room: later(() => import("@/view/room/room")),
  missing: MissingPage,
};

/** Where somebody is sent instead of the page asked for: sign in first, then be welcomed. */
function detour(page: PageName): string | null {
  if (isPublic(page) || me.value === undefined) return null;
  if (me.value === null) {
    const wanted = location.pathname + partOf(location.hash);
    return wanted === "/" ? "/signin" : `/signin?next=${encodeURIComponent(wanted)}`;
  }
  if (!me.value.welcomed && page !== "welcome") return "/welcome";
  return null;
}

/** A page's title, with what should be known first: something to mend, unread messages. */
function marked(title: string): string {
  if (faulty.value) return t("app.title.error", { title });
  return unread.value > 0 ? t("title.unread", { n: unread.value, title }) : title;
}

/** The window's title: from ten minutes before, the next session. */
function startTitle(): void {
  effect(() => {
    const next = me.value?.welcomed ? nextOf(ownBookings.value, now.value) : null;
    const close = next && (next.phase === "soon" || next.phase === "doors");
    if (wholeTitle.value || faulty.value || !close || route.value.page === "room") {
      const page = t("app.title", { page: pageTitle.value, app: t("app.name") });
      document.title = wholeTitle.value || marked(page);
      return;
    }
    const n = Math.ceil((next.start - now.value) / MINUTE);
    const name = next.booking.partner ? firstName(next.booking.partner.name) : "";
    document.title = name ? t("title.next", { n, name }) : t("title.next.waiting", { n });
  });
}

let started = false;

function start(): void {
  if (started) return;
  started = true;
  startTheme();
  startClock();
  startRouter();
  startStore();
  startCommunity();
  startLive();
  startWishes();
  startTitle();
  startKeys();
  void loadInstance();
  void loadMe();
}

function Waiting() {
  const error = troubles.value["instance"] ?? troubles.value["me"];
  const retry = () => {
    void loadInstance();
    void loadMe();
  };
  return (
    <main id="main" class="page" tabIndex={-1}>
      {error ? <Trouble error={error} onRetry={retry} /> : <Shapes count={5} />}
    </main>
  );
}

export function App() {
  useEffect(start, []);
  const { page, about } = route.value;
  const elsewhere = detour(page);
  useEffect(() => {
    if (elsewhere) go(elsewhere, { replace: true });
  }, [elsewhere]);
  const ready = instance.value && (me.value !== undefined || isPublic(page)) && !elsewhere;
  const Page = PAGES[page];
  return (
    <Shell>
      {ready ? (
        <Page key={`${page} ${about}`} about={about} />
      ) : (
        <Waiting />
      )}
      <KeysPanel />
    </Shell>
  );
}

/** A short page of settings. Each control is kept by itself. */
import "../you.css";
import "@/styles/people.css";
import "@/styles/settings.css";

import { ChevronLeft } from "lucide-preact";
import type { ComponentType } from "preact";

import { Link } from "@/view/parts/button";
import { Heading } from "@/view/parts/heading";
import { Calendars } from "@/view/settings/calendars";
import { Webhooks } from "@/view/settings/hooks";
import { Matching } from "@/view/settings/matching";
import { Notifications } from "@/view/settings/notifications";
import type { Chapter } from "@/view/settings/parts";
import { Tokens } from "@/view/settings/tokens";
import { t } from "@/words/people";

function Programs() {
  return (
    <>
      <Tokens />
      <Webhooks />
    </>
  );
}

const CHAPTER: Readonly<Record<Chapter, ComponentType>> = {
  matching: Matching,
  notifications: Notifications,
  calendars: Calendars,
  tokens: Programs,
};

export default function SettingsPage({ about }: { readonly about: string }) {
  // The routes know no other chapters.
  const chapter = about as Chapter;
  const Content = CHAPTER[chapter];
  return (
    <main id="main" class="page you" tabIndex={-1}>
      <div>
        <Link class="link back" href="/you">
          <ChevronLeft class="icon turns" aria-hidden="true" /> {t("settings.back")}
        </Link>
        <Heading title={t(`settings.${chapter}`)} />
      </div>
      <Content />
    </main>
  );
}

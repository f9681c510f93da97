/**
 * The words of every page but the room: one sentence a line, each with a note for translators.
 *
 * Plain, short, second person, present tense. "We" is the instance and says what it did. Places:
 * `{name}` a person, `{n}` a number, `{time}` a time of day, `{day}` a day, written by the browser.
 */
import { wordsOf } from "@/words/words";

export const pageWords = {
  // The name of the product; not translated.
  "app.name": "Alongside",
  // Under the name on the sign-in page.
  "app.motto": "Work next to someone. Turn up.",
  // Title of the browser window.
  "app.title": "{page} · {app}",
  // The same while a form on the page wants something mended.
  "app.title.error": "Error: {title}",
  // Head of the list of what to mend, above a form.
  "form.summary": "{n, plural, one {One thing is} other {# things are}} missing",
  // First link of a page, for keyboards and readers.
  "skip.main": "Go to the page’s content",
  // Second link of the calendar, for keyboards and readers.
  "skip.day": "Go to the day list",
  // Label of the navigation.
  "nav.label": "Pages",
  "nav.calendar": "Calendar",
  "nav.sessions": "Sessions",
  "nav.people": "People",
  "nav.messages": "Messages",
  // Beside "Messages", for readers.
  "nav.unread": "{n, plural, one {# unread} other {# unread}}",
  // Title of the window with unread messages: "(2) Calendar".
  "title.unread": "({n}) {title}",
  // The member's own page.
  "nav.you": "You",
  // Back to the calendar from pages without navigation.
  "nav.back": "Calendar",

  // Buttons used in many places.
  "do.retry": "Try again",
  "do.close": "Close",
  "do.clear": "Clear",
  "do.undo": "Undo",
  "do.save": "Save",
  "do.show": "Show",
  "do.book": "Book",
  "do.back": "Back",
  "do.on": "Continue",
  // Shown after three seconds of loading.
  "state.loading": "Still loading…",
  // Beside a control whose change is kept.
  "state.saved": "Saved",
  // Bar on top without network; {time} is when the data came.
  "state.offline": "You are offline. What you see is from {time}.",
  // An address that does not exist.
  "missing.title": "There is no page here",
  "missing.text": "The address may have changed.",
  "missing.back": "Go to the calendar",

  // What went wrong, by code. `generic` when nothing better is known.
  "error.generic": "That did not reach us. Nothing changed.",
  "error.offline": "You are offline. Try again when you are back.",
  "error.timeout": "No answer came in time. It may have arrived all the same: look before you try again.",
  "error.unavailable": "We could not save that just now. Nothing changed.",
  "error.unauthenticated": "You are signed out. Sign in to go on.",
  "error.bad_token": "This link was used already or has expired.",
  "error.forbidden": "That is not yours to do.",
  "error.not_welcomed": "Tell us your name and read the rules first.",
  "error.not_found": "We cannot find that any more.",
  "error.overlap": "You already have a session then.",
  "error.too_late": "The session has begun. You can leave it from the room.",
  "error.already_over": "That booking is over already.",
  "error.too_many": "That was very often. Wait a minute, then try again.",
  "error.in_the_past": "That time has passed.",
  "error.beyond_horizon": "That is further ahead than {n, plural, one {# day} other {# days}}.",
  "error.off_grid": "Sessions cannot start at that time.",
  "error.bad_length": "Sessions of that length are not offered here.",
  "error.bad_field": "That needs another value.",
  "error.not_available": "That time is not free any more.",
  "error.taken": "That time was just taken.",
  "error.suspended": "Matching is paused for you. What you booked before is cancelled; nothing else changes.",
  "error.needs_rematch": "With that you would need another partner.",
  "error.partner_here": "Your partner just arrived.",
  "error.not_yet": "It is too early for that.",
  "error.no_contact": "You cannot write to each other any more.",
  "error.other_request": "That was mixed up with something else. Try again.",
  "error.out_of_scope": "This token does not cover that.",
  // Small print under an error, for reports; {code} is a technical word.
  "error.code": "Code: {code}",

  // Calendar: its heading for readers; the visible heading is the dates.
  "calendar.title": "Calendar",
  "calendar.today": "Today",
  "calendar.tomorrow": "Tomorrow",
  "calendar.yesterday": "Yesterday",
  // The same inside a sentence.
  "inside.today": "today",
  "inside.tomorrow": "tomorrow",
  "inside.yesterday": "yesterday",
  // A day and a time, as in "Today 11:00".
  "calendar.at": "{day} {time}",
  "calendar.week.before": "Week before",
  "calendar.week.after": "Week after",
  "calendar.day.before": "Day before",
  "calendar.day.after": "Day after",
  // Choosing how long sessions last.
  "calendar.length": "Length",
  "calendar.length.n": "{n} min",
  "calendar.length.long": "{n, plural, one {# minute} other {# minutes}}",
  "calendar.view": "View",
  "calendar.view.week": "Week",
  "calendar.view.day": "Day",
  "calendar.days": "Days of the week",
  "calendar.options": "Options",
  // Name of the grid for readers.
  "calendar.grid": "Times from {days}",
  // Name of the board for readers.
  "calendar.board": "Times on {day}",
  // Folded hours, above and below the grid.
  "fold.before": "Midnight – {time} is folded away",
  "fold.after": "{time} – midnight is folded away",
  "fold.show": "Show{n, plural, =0 {} other { (# waiting)}}",
  "fold.hide": "Fold {from} – {to} away",
  // On the board, before the present hour.
  "fold.past": "Before {time} has passed",
  // A start in the list, for readers: "Tuesday 24 November, 11:00 to 11:50, 3 waiting".
  // {min}: so long the session would be, where that is less than chosen; else 0.
  "cell.free": "{day}, {range}{n, plural, =0 {} other {, # waiting}}{min, plural, =0 {} other {, for # minutes}}",
  "cell.free.one": "{day}, {range}, {name} is waiting{min, plural, =0 {} other {, for # minutes}}",
  "cell.past": "{day}, {time}, passed",
  "cell.own": "{day}, {range}, your session with {name}",
  "cell.locked": "{day}, {range}, your session with {name}, locked in",
  "cell.waiting": "{day}, {range}, your session, finding a partner",
  "cell.done": "{day}, {range}, done",
  "cell.inside": "{day}, {time}, inside your session",
  "cell.none": "{day} has no {time}: the clocks change",
  // On a chip: how many people wait at a time.
  "chip.n": "{n} waiting",
  // On an own session without a partner yet.
  "block.finding": "Finding a partner",
  // The same in a very small place.
  "block.looking": "Looking",
  // The rest of an own session in the next row of the board.
  "block.until": "until {time}",
  "block.with.until": "with {name} until {time}",
  "block.chosen": "Chosen",
  // Thin note where the clocks skip an hour, or show one twice.
  "clock.skips": "The clocks go forward at {time}.",
  "clock.doubles": "The clocks go back: {time} comes twice.",

  // The tray with the chosen times.
  "tray.label": "Chosen times",
  "tray.n": "{n, plural, one {# session} other {# sessions}} chosen",
  "tray.more": "and {n, plural, one {# more} other {# more}}",
  "book.cta": "Book {n, plural, one {session} other {# sessions}}",
  "book.busy": "Booking…",
  "book.matched": "You are with {name}, {day} {time}.",
  "book.waiting": "{day} {time}: finding a partner. We will tell you.",
  "book.refused": "{day} {time}: {why}",
  "book.overlap": "You already have a session from {a} to {b}. Choose a start outside it.",
  "book.past": "{time} has passed. Choose a later start.",
  // Said to readers after a press.
  "said.chosen": "Chosen, {n} in all",
  "said.let_go": "Let go, {n, plural, =0 {none} other {#}} chosen",
  "said.moved": "Moved to {time}, {n} in all",
  // A partner came, changed or went while the page was open.
  "said.matched": "You are with {name}, {day} {time}.",
  "said.rematched": "Your partner {day} {time} could not come. We are finding you somebody else.",

  // The next session, in the side column and in the bar on every page.
  "next.title": "Next up",
  "next.in": "In {unit, select, day {{n, plural, one {# day} other {# days}}} hour {{n, plural, one {# hour} other {# hours}}} other {{n, plural, =0 {less than a minute} one {# minute} other {# minutes}}}}",
  "next.now": "Started {n, plural, =0 {just now} one {# minute ago} other {# minutes ago}}",
  "next.running": "It is on now",
  "next.bar": "In {n} min, with {name}",
  "next.bar.waiting": "In {n} min, finding a partner",
  "next.bar.now": "On now, with {name}",
  "next.bar.now.waiting": "On now, finding a partner",
  "next.check": "Check camera and sound",
  "next.check.short": "Check camera",
  "next.enter": "Enter the room",
  // The session has begun, and the partner waits in the room: two short lines to them, and what they say.
  "awaited.text": "{name} is in the room. Coming?",
  "awaited.text.unknown": "Your partner is in the room. Coming?",
  "awaited.late": "{n, plural, one {# minute} other {# minutes}} late",
  "awaited.cannot": "Cannot come",
  "awaited.cannot.line": "I cannot come today",
  "awaited.told": "{name} was told",
  // After "cannot come", or when what was promised is too late. {time} is a time of day.
  "awaited.warned": "{name} was told. From {time} it counts as missed; come before then and it does not.",
  "next.doors": "Doors open at {time}",
  "next.open": "The doors are open",
  "next.finding": "Finding a partner. We will tell you.",
  "next.none": "Nothing is booked yet.",
  "next.none.hint": "Choose a time, or start as soon as possible.",
  // Beside a partner: how many sessions they kept, and when the session begins on their clock.
  "partner.sessions": "{n, plural, =0 {First session} one {# session} other {# sessions}}",
  "partner.time": "{time} for {name}",
  // Title of the window from ten minutes before.
  "title.next": "{n} min · {name}",
  "title.next.waiting": "{n} min · your session",

  // Times where somebody already waits.
  "there.title": "Somebody is already there",
  "there.none": "Nobody is waiting yet. Book a time and others will see your light.",
  "there.book": "Book {day} {time}",
  "soon.cta": "Start as soon as possible",

  // Options of the sessions to book.
  "options.title": "For the sessions you book",
  "options.task": "I will be",
  "task.desk": "at a desk",
  "task.moving": "moving about",
  "task.anything": "either",
  "options.quiet": "Quiet, chat only",
  "options.quiet.hint": "You and your partner write instead of talking.",
  "options.favourites": "Favourites first",
  "options.title.field": "Title, only you see it",

  // Panel of an own session.
  "panel.locked": "Locked in: only one of you cancelling can change it.",
  "panel.quiet": "Quiet: you write instead of talking.",
  "panel.cancel": "Cancel the session",
  "panel.waiting": "If nobody comes by {time}, you lose nothing.",
  "cancel.free": "Cancel this session? It changes nothing for you.",
  "cancel.late": "{name} was counting on {time}. Cancelling less than {n, plural, one {# minute} other {# minutes}} before the start is noted.",
  "cancel.yes": "Cancel it",
  "cancel.no": "Keep it",
  "cancel.done": "{day} {time} is cancelled.",
  "cancel.undone": "{day} {time} is booked again.",

  // The device's zone is not the one in the profile.
  "zone.ask": "This device is on {device} time. Your calendar shows {profile}.",
  "zone.change": "Use {device}",
  "zone.keep": "Keep {profile}",

  // Demo instances: a bar that moves the instance's clock, and the first page.
  "demo.label": "Demo",
  "demo.start": "Skip to the start",
  "demo.end": "Skip to the last minute",
  "demo.hint": "Sessions here last {n, plural, one {# minute} other {# minutes}} and start every minute. Names with “Robo” are machines that keep you company.",
  "demo.board": "The next {n} minutes",
  "demo.later": "Show later times",

  // Sign in.
  "signin.title": "Sign in",
  "signin.mail": "Mail address",
  "signin.hint": "We send you a link. There is no password.",
  "signin.send": "Send me a link",
  "signin.mail.bad": "Write the whole address, like ana@example.org.",
  "signin.sent.title": "Look in your mail",
  "signin.sent.text": "If {mail} can sign in here, a link is on its way. It works for a short time, and once.",
  "signin.again": "Use another address",
  "signin.mailpage": "Open the mail of this computer",
  "signin.using": "Signing you in…",
  "signin.expired.title": "This link has been used or has expired",
  "signin.expired.text": "Links work once and for a short time. We can send you a new one.",
  "signin.new": "Send a new one",
  "signin.demo": "Come in as",
  "signin.demo.as": "Come in as {name}",
  "signin.demo.text": "This is a demo. Open a second window, private or in another browser, to be both.",
  "signin.rules": "The rules",

  // Welcome, after the first sign-in.
  "welcome.step": "Step {n} of {all}",
  "welcome.you": "About you",
  "welcome.name": "Name",
  "welcome.name.hint": "Partners see this. A first name is enough.",
  "welcome.name.bad": "Write the name partners should see, at most {n} characters.",
  "welcome.zone": "Your time zone",
  "welcome.zone.hint": "Found from this device. Here it is {time} now.",
  "welcome.age": "I am {n} or older",
  "welcome.age.bad": "Alongside is for people of {n} and older.",
  "welcome.rules": "Five rules",
  "welcome.agree": "I agree",
  "welcome.first": "Your first session",
  "welcome.first.text": "Choose one, or look at the whole calendar.",
  "welcome.first.free": "Others will see your light",
  "welcome.calendar": "Look at the calendar",

  // Mail of this computer, for trying things out.
  "mail.title": "Mail of this computer only",
  "mail.none": "No mail yet. Ask for a sign-in link.",
  "mail.ask": "Ask for a link",
  "mail.list": "Messages",
  "mail.to": "To {mail}",
  "mail.calendar": "For your calendar",

  // You.
  "you.title": "You",
  "you.sessions": "{n, plural, =0 {No sessions yet} one {# session kept} other {# sessions kept}}",
  "you.standing": "What we noted",
  "you.profile": "Name, zone and day",
  "you.name": "Name",
  "you.zone": "Time zone",
  "you.day": "Your day in the calendar",
  "you.day.from": "From",
  "you.day.to": "To",
  "you.matching": "Matching",
  "you.gender": "Your gender",
  "gender.woman": "Woman",
  "gender.man": "Man",
  "gender.non_binary": "Non-binary",
  "gender.unsaid": "Not said",
  "you.only": "Match me with",
  "you.only.any": "everybody",
  "only.woman": "women only",
  "only.man": "men only",
  "only.non_binary": "non-binary people only",
  "you.only.hint": "Only people who have said so in their profile are found.",
  "you.quiet": "Quiet sessions are fine for me",
  "you.quiet.hint": "A partner who asked for quiet may be matched with you.",
  "you.privacy": "Privacy",
  "you.address": "Hide my network address",
  "you.address.hint": "Calls go through our server, so that partners cannot learn your address.",
  "you.private": "Private sessions",
  "you.private.hint":
    "Only your browser and your partner’s can open your calls. Where our server carries one, it sees by how much passes whether a camera sends, never what it shows.",
  "you.look": "Look",
  "you.theme": "Colours",
  "theme.system": "As the device",
  "theme.light": "Light",
  "theme.dark": "Dark",
  "you.keys": "Single-key shortcuts",
  "you.keys.hint": "Press ? to see them.",
  "you.leave": "Sign out",
  "you.leave.all": "Sign out everywhere",
  "you.leave.all.done": "You are signed out on every device.",

  // Sessions.
  "sessions.title": "Sessions",
  "sessions.which": "Which sessions",
  "sessions.coming": "Coming",
  "sessions.past": "Past",
  "sessions.none": "No sessions yet.",
  "sessions.choose": "Choose a time",
  "sessions.alone": "Nobody came by",
  "sessions.why": "Why",
  "sessions.open": "Details",

  // What was noted of the own sessions; its cards speak with `rules.ts`.
  "flags.title": "What we noted",
  "flags.none": "Nothing here. All your sessions were kept.",
  "flags.intro": "Facts from your sessions, with the rule each was held against.",
  // The list of keys.
  "keys.title": "Keys",
  "keys.grid": "In the calendar",
  "keys.anywhere": "Anywhere",
  "keys.check": "In the device check",
  "keys.mic": "Microphone on or off",
  "keys.chime": "Play a chime",
  "keys.enter": "Enter the room",
  "keys.arrows": "Another time or day",
  "keys.home": "First and last day of the week",
  "keys.page": "An hour up or down; with Shift a week",
  "keys.choose": "Choose, or open your session",
  "keys.book": "Book the chosen times",
  "keys.now": "Now",
  "keys.length": "Length",
  "keys.view": "Day or week",
  "keys.week": "Week before or after",
  "keys.find": "Next time somebody waits",
  "keys.help": "This list",
  "keys.people": "In People",
  "keys.rows": "Next or previous row",
  "keys.search": "Search",
  "keys.favourite": "Favourite or not",
  "keys.go": "Go to Calendar, Sessions, People, Messages, You",
  "keys.next": "Next session",
  "keys.close": "Close what is open",
  "keys.undo": "Undo",
} as const;

export type PageWord = keyof typeof pageWords;

export const { t, parts, has } = wordsOf(pageWords);

/** The sentence of an error's code; numbers in it come with the error. */
export function errorText(code: string, data: Readonly<Record<string, unknown>> = {}): string {
  const id = `error.${code}`;
  const n = typeof data["n"] === "number" ? data["n"] : 28;
  return has(id) ? t(id, { n, code }) : t("error.generic");
}

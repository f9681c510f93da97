/**
 * The words of bookings: options, an own session and its panel, who waits, repeats, notices of what
 * changed, the list of sessions, and "find and do".
 *
 * The same rules as in `words/page.ts`: whole sentences, no blame, names in `{name}`.
 */
import { wordsOf } from "@/words/words";

export const bookingWords = {
  // Options of the sessions to book, in a word each, for a small place: "Desk · Quiet".
  "task.short.desk": "Desk",
  "task.short.moving": "Moving",
  "task.short.anything": "Anything",
  "quiet.short": "Quiet",
  // Read instead of the heart sign.
  "favourites.short": "favourites first",
  // Name of the button that opens the options; {what} is the short list of them.
  "options.name": "Options: {what}",
  "options.shorter": "Shorter is fine too",
  "options.shorter.hint": "If nobody waits for the whole length, you may be matched for less.",

  // The tray: who waits at the chosen time.
  // {min}: so long the session would be, where that is less than chosen; else 0.
  "tray.waits": "{n, plural, one {{name} waits there} other {# wait there}}{min, plural, =0 {} other { for # minutes}}.",
  "tray.who": "Who waits",

  // A start for readers: a favourite waits there, {n} others too.
  "cell.free.favourite": "{day}, {range}, {name}, a favourite, is waiting{n, plural, =0 {} other {, and # more}}{min, plural, =0 {} other {, for # minutes}}",
  // A session there would be shorter than chosen: on a chip, and where there is room for who waits too.
  "chip.min": "{n} min",
  "chip.shorter": "{who}, {n} min",
  // An own session whose partner's name is not told yet.
  "cell.hidden": "{day}, {range}, your session, partner found",

  // Panel with the people who wait at a time.
  "waits.title": "Who waits, {day} {time}",
  "waits.lead": "Lock in to be sure of somebody. Or book the time and meet whoever fits best.",
  // The same where nobody can be locked in.
  "waits.lead.open": "Book the time and meet whoever fits best.",
  "waits.lock": "Lock in",
  // The same for readers.
  "waits.lock.name": "Lock in {day} {time} with {name}{min, plural, =0 {} other {, for # minutes}}",
  "waits.book.name": "Book {day} {time}, favourites first; {name} is waiting{min, plural, =0 {} other {, for # minutes}}",
  // {min} as above: here a short mark behind.
  "waits.favourite": "Favourite{min, plural, =0 {} other { · # min}}",
  "waits.lockable": "Open to a lock-in{min, plural, =0 {} other { · # min}}",
  "waits.open": "Meets whoever fits best{min, plural, =0 {} other { · # min}}",
  "waits.none": "Nobody waits there any more. Book it and others will see your light.",
  "waits.book": "Book {day} {time}",
  "lock.taken": "That time was just taken. These are close:",
  "lock.replace.yes": "Give it up and lock in",

  // An own session.
  "own.locked": "Locked in: only one of you cancelling can change it.",
  "own.hidden": "You have a partner. You learn the name at {time}.",
  "own.hidden.short": "Partner found",
  "own.shorter": "{n} minutes instead of {wished}: nobody waited for the whole length.",
  "own.message": "Message",
  "own.message.name": "Write to {name}",
  "own.profile": "About {name}",
  "own.changed": "What changed",
  "own.page": "All about this session",
  "own.repeats": "Part of a repeat",

  // Changing a booked session.
  "edit.title": "Title, only you see it",
  "edit.heading": "Options",
  "edit.task": "I will be",
  "edit.quiet": "Quiet, chat only",
  "edit.quiet.hint": "You write instead of talking.",
  "edit.favourites": "Favourites first",
  "edit.rematch": "With that you would need another partner. Look for one?",
  "edit.rematch.yes": "Look for another",
  "edit.rematch.no": "Leave it as it is",
  "edit.done": "Saved",

  // Cancelling, with what follows from it.
  "cancel.ask": "Cancel the session",
  "cancel.heading": "Cancel this session?",
  "cancel.free": "It changes nothing for you. {name} goes back in line first and hears of it at once.",
  "cancel.free.alone": "Nobody was found yet. It changes nothing for you.",
  "cancel.free.until": "Cancel freely until {time}",
  "cancel.regret": "You booked it only just now. It changes nothing for you.",
  // Where the partner of a lock-in went and another was found.
  "cancel.left": "Your partner cancelled only just now. Being released changes nothing for you.",
  "cancel.late": "{name} was counting on {time}. Cancelling within {amount} of the start is noted.",
  // After a change that parted the two, where nobody else was found.
  "cancel.late.alone": "You gave up a partner within {amount} of the start. Cancelling now is noted.",
  // In the place of a name that is not told yet.
  "cancel.partner": "Your partner",
  "cancel.write": "Write first",
  "cancel.yes": "Cancel it",
  "cancel.no": "Keep it",
  "cancel.began": "The session has begun. You can leave it from the room.",

  // The partner of a lock-in cancelled.
  "left.text": "{name} cancelled. Stay in line, and we look for somebody; or be released, which changes nothing for you.",
  "left.text.unknown": "Your partner cancelled. Stay in line, and we look for somebody; or be released, which changes nothing for you.",
  // The same where somebody else was found at once; until then it is free.
  "left.found": "{former} cancelled, and you are with {name} now. Stay, or be released, which changes nothing for you until {day} {time}.",
  "left.found.unknown": "Your partner cancelled, and you are with {name} now. Stay, or be released, which changes nothing for you until {day} {time}.",
  // The same where the name is told later.
  "left.found.somebody": "{former} cancelled, and you are with somebody else now. Stay, or be released, which changes nothing for you until {day} {time}.",
  "left.found.somebody.unknown": "Your partner cancelled, and you are with somebody else now. Stay, or be released, which changes nothing for you until {day} {time}.",
  "left.stay": "Stay in line",
  "left.stay.found": "Stay",
  "left.release": "Release me",

  // Repeats.
  "repeat.heading": "Repeat",
  "repeat.weekly": "Every {day}",
  "repeat.weekdays": "Monday to Friday",
  "repeat.days": "{days}, at {time}",
  "repeat.hint": "At {time} your time, whatever the clocks do. Each session finds its own partner.",
  // Where the partner's clocks change on other days than the member's own: on whose clock the time stays.
  "repeat.clock": "On whose clock",
  "repeat.clock.mine": "Mine",
  "repeat.clock.theirs": "{name}’s",
  "repeat.clock.hint": "In {place} the clocks change on other days. Two who repeat together keep to one clock.",
  "repeat.hint.theirs": "At {time} on {name}’s clock, whatever yours does. Each session finds its own partner.",
  // Of a repeat on another clock than the own; {place} is a town.
  "repeat.days.there": "{days}, at {time} in {place}",
  "repeat.together": "{name} can repeat it too: the same days and time, on the same clock.",
  // Dates on which the hour is another one for somebody; {days} is a span of dates, {day} the first of them.
  "repeat.shifts": "While the clocks differ",
  "repeat.shift.theirs": "{days}: your {time} is {theirs} for {name}, not {usual}.",
  "repeat.shift.theirs.on": "From {day} on your {time} is {theirs} for {name}, not {usual}.",
  "repeat.shift.apart": "A repeat on {name}’s own clock does not meet yours then.",
  "repeat.shift.yours": "{days}: it is at {time} for you, not at {usual}.",
  "repeat.shift.yours.on": "From {day} on it is at {time} for you, not at {usual}.",
  "repeat.next": "Next dates",
  "repeat.state.booked": "booked",
  "repeat.state.planned": "later",
  "repeat.state.full": "later: you have all the sessions ahead there may be",
  "repeat.state.skipped": "left out",
  "repeat.state.taken": "could not be booked",
  "repeat.state.overlap": "another session lies there",
  // The instance was set up anew, and may be so again: the date is booked then.
  "repeat.state.off_grid": "not booked: sessions start at other times now",
  "repeat.state.bad_length": "not booked: {n} minutes are not offered now",
  "repeat.state.moved": "moved, the clocks skip {time}",
  "repeat.skip": "Leave out",
  "repeat.skip.name": "Leave out {day}",
  "repeat.skip.ask": "Leave out {day}?",
  "repeat.stop": "Stop repeating",
  "repeat.stop.ask": "Stop repeating. What about the sessions already booked?",
  "repeat.stop.keep": "Keep them",
  "repeat.stop.cancel": "Cancel them too",
  "repeat.stop.back": "Go on repeating",
  "repeat.stopped": "It repeats no more.",
  "repeat.made": "It repeats from now on.",

  // Notices of what changed, seen and read. {day} {time} is the session's.
  "news.found": "You are with {name}, {day} {time}.",
  "news.locked": "{name} locked in with you, {day} {time}. Only one of you cancelling can change it.",
  "news.changed": "{former} could not come. You are with {name} now, {day} {time}.",
  "news.instead": "{former} cancelled. You are with {name} now, {day} {time}. Until {free_day} {free_time} you may still be released.",
  "news.taken": "{former} is with somebody else now. You are with {name} now, {day} {time}.",
  "news.improved": "We found a partner who fits you better than {former}: {name}, {day} {time}.",
  "news.lost": "{former} could not come, {day} {time}. You keep your place in line; we are looking.",
  "news.gone": "{former} is with somebody else now, {day} {time}. You keep your place in line; we are looking.",
  "news.parted": "You are not with {former} any more, {day} {time}. You keep your place in line; we are looking.",
  "news.left": "{former} cancelled, {day} {time}. Stay in line, or be released.",
  "news.shorter": "{day} {time} lasts {n} minutes now, with {name}.",
  "news.label": "What changed",
  "news.open": "Show",
  "news.more": "{n, plural, one {One more change} other {# more changes}}",

  // The list of sessions.
  "list.coming": "Coming",
  "list.past": "Past",
  "list.none": "No sessions yet.",
  "list.none.month": "No sessions in {month}.",
  "list.choose": "Choose a time",
  "list.earlier": "Show {month}",
  "list.details": "Details",
  // Sessions with it: for readers, so that rows of equal buttons differ.
  "list.about": "{day}, {time}, {name}",
  "list.about.alone": "{day}, {time}",
  "came.together": "{n, plural, one {One minute} other {# minutes}} alongside",
  "came.ended_early": "{n, plural, one {One minute} other {# minutes}} alongside, ended together",
  "came.partner_gone": "{n, plural, one {One minute} other {# minutes}} alongside, then {name} was gone",
  "came.gone": "{n, plural, one {One minute} other {# minutes}} alongside, then you were gone",
  "came.not_met": "You two did not meet",
  "came.partner_absent": "{name} did not come",
  "came.absent": "You were not there",
  // Nothing more is known of it.
  "came.over": "Over",
  "came.alone": "Nobody came by",
  "came.judging": "Over just now",
  "came.late": "marked late",
  "came.late.n": "late by {n} min",
  "came.no_show": "marked missed",
  "came.early_leave": "marked left early",
  "came.camera_off": "marked camera off",
  "came.late_cancel": "marked cancelled late",
  "came.why": "Why?",

  // At hand beside a past session.
  "hand.favourite.name": "{name} is a favourite",
  "hand.favourite.make": "Make {name} a favourite",
  "hand.favoured": "{name} is a favourite now.",
  "hand.unfavoured": "{name} is no favourite any more.",
  "hand.again": "Book again",
  "hand.again.name": "Book {name} again",
  "hand.again.ask": "The same time, with {name} asked too",
  "hand.again.tomorrow": "Tomorrow, {time}",
  "hand.again.week": "{day}, {time}",
  "hand.again.done": "Booked {day} {time}. {name} is asked to join.",
  "hand.again.found": "Booked {day} {time}, with {name}.",
  // The same where the other one could not be asked.
  "hand.again.unasked": "Booked {day} {time}. {name} could not be asked to join.",
  "hand.again.undone": "{day} {time} is given up again.",

  // The page of one session.
  "page.title": "Session",
  "page.back": "Sessions",
  "page.length": "Length",
  "page.doors": "Doors",
  "page.doors.text": "open {from}, close {to}",
  "page.cancelled": "This session was cancelled.",
  "page.missing": "We cannot find that session. It may have been cancelled.",
  "page.booked": "Title",
  "page.came": "What came of it",
  "page.report": "Report a problem",
  "page.report.text": "If {name} made you feel unsafe or broke the rules, tell whoever runs this place. You can leave any session in which you do not feel safe.",
  "page.report.text.alone": "If something was wrong, tell whoever runs this place.",
  // Link to those who run the instance; {contact} is their mail address or the host of their page.
  "page.report.mail": "Write to {contact}",
  "page.report.link": "Report it at {contact}",
  "page.report.nobody": "Whoever runs this place has not named a contact.",
  "page.report.how": "Put in this line, so that they find the session:",
  "page.report.line": "Session {id}, {day} {time}",
  "page.report.copy": "Copy the line",
  "page.report.copied": "Copied",
  "page.report.away": "You can also snooze or block {name} at once: you two are then not matched.",

  // The check-in at the end of a session.
  "end.favourite": "Favourite",
  "end.again": "Book {name} again",
  "end.next": "Next: {time} with {name}",
  "end.next.alone": "Next: {time}, finding a partner",
  "end.go": "Go there",

  // Next to the calendar.
  "invite.cta": "Invite a friend",
  // Thin note in the list of a day, where the clocks skip an hour.
  "clock.skipped": "{time} does not come today: the clocks go forward.",

  // Find and do.
  "find.title": "Find and do",
  "find.field": "A time, a page or a person",
  "find.hint": "Like “fri 9 50”, “tomorrow 14:30” or a name",
  "find.book": "Book {day} {range}",
  "find.book.waits": "{n, plural, =0 {Nobody waits yet} one {{name} waits there} other {# wait there}}",
  "find.go": "Go to {page}",
  "find.person": "About {name}",
  "find.none": "Nothing fits. Try a day and a time, or the name of a page.",
  "find.n": "{n, plural, =0 {Nothing fits} one {One fits} other {# fit}}",
  "find.page.calendar": "Calendar",
  "find.page.sessions": "Sessions",
  "find.page.people": "People",
  "find.page.free": "Free times of favourites",
  "find.page.messages": "Messages",
  "find.page.you": "You",
  "find.page.standing": "What we noted",
  "find.page.check": "Camera and sound",
  "find.page.rules": "The rules",
  "find.soon": "Start as soon as possible",

  // Keys.
  "keys.session.rows": "Next or previous session",
  "keys.session.open": "Open the session",
  "keys.session.room": "Enter the room",
  "keys.waits": "Who waits at this time",
  "keys.layer": "Find and do",
  "keys.sessions": "In the list of sessions",
} as const;

export type BookingWord = keyof typeof bookingWords;

export const { t, parts, has } = wordsOf(bookingWords);

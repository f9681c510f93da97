/**
 * The words of the rules, and of what was noted by them: one sentence a line, each with a note for translators
 * where its place is not plain. No first page needs them.
 */
import { wordsOf } from "@/words/words";

export const rulesWords = {
  // The rules, with the instance's numbers.
  "rules.title": "The rules",
  "rules.1": "Come on time",
  "rules.1.text": "The doors open {doors} before the start. A session counts as late from {late}, and as missed from {missed} after it.",
  "rules.2": "Stay to the end",
  "rules.2.text":
    "Leaving earlier than {early} before the end is noted, unless you both agree to stop. Closing the page for good is leaving; a lost connection is not.",
  "rules.3": "Keep the camera on",
  "rules.3.text": "Your partner sees you work. From {camera} without a picture a session is marked. Breaks are fine: up to {pause} at a time, {share} % of a session in all.",
  "rules.4": "Cancel in time",
  "rules.4.text": "With {cancel} or more to go it changes nothing. Later than that it is noted.",
  "rules.5": "Be kind",
  "rules.5.text": "Say hello, work, check in. No selling, no flirting, no recording. You can leave any session in which you do not feel safe.",
  // A length of time in a rule: whole minutes or seconds.
  "rules.minutes": "{n, plural, one {# minute} other {# minutes}}",
  "rules.seconds": "{n, plural, one {# second} other {# seconds}}",
  "rules.network": "A bad line is never your fault: a lost connection counts as presence for {drop}.",
  "rules.who": "What happens in a session is seen by the two of you and, if you report something, by a moderator. Nothing is recorded.",

  // A card of something noted: what was seen, the rule, what it does, who sees it.
  "flag.late": "You came in at {time}",
  "flag.no_show": "You did not come in",
  "flag.early_leave": "You left at {time}",
  "flag.camera_off": "Your camera was off",
  "flag.late_cancel": "You cancelled at {time}",
  "flag.mark.late": "marked late",
  "flag.mark.no_show": "marked missed",
  "flag.mark.early_leave": "marked left early",
  "flag.mark.camera_off": "marked camera off",
  "flag.mark.late_cancel": "marked cancelled late",
  "flag.saw": "What we saw",
  "flag.saw.late": "Your page reached the room at {second}, {amount} after the start.",
  "flag.saw.no_show": "Your page did not reach the room within {limit} of the start.",
  "flag.saw.early_leave": "You left at {second}, {amount} before the end, and did not come back.",
  "flag.saw.camera_off": "No picture came from you for {amount} in all, breaks left out.",
  "flag.saw.late_cancel": "You cancelled at {second}, {amount} before the start.",
  "flag.announced": "You had written to {name} beforehand.",
  "flag.announced.unknown": "You had written to your partner beforehand.",
  "flag.rule": "The rule",
  "flag.rule.late": "A session counts as late from {limit} after the start.",
  "flag.rule.no_show": "A session counts as missed from {limit} after the start.",
  "flag.rule.early_leave": "Leaving earlier than {limit} before the end is noted, unless both agree or the partner is gone.",
  "flag.rule.camera_off": "More than {limit} without a picture, outside breaks, is noted.",
  "flag.rule.late_cancel": "Cancelling a session with a partner less than {limit} before the start is noted.",
  "flag.does": "What it does",
  "flag.does.text": "By itself this changes nothing.",
  "flag.sees": "Who sees it",
  "flag.sees.text": "You and moderators. Your partner knows what happened in the room, never this note.",
  "flag.you": "You",
  "flag.partner": "Partner",
  "flag.line.late": "late from {time}",
  "flag.line.no_show": "missed from {time}",
  "flag.line.early_leave": "early before {time}",
  "flag.table": "The same as a table",
  "flag.table.who": "Who",
  "flag.table.what": "What",
  "flag.table.from": "From",
  "flag.table.to": "To",
  "flag.bar.here": "here",
  "flag.bar.cut": "connection lost",
  "flag.bar.break": "break",
  "flag.bar.unseen": "camera off",
  "flag.bar.fault": "camera broken, not counted",
  "flag.bar.none": "not seen",
} as const;

export const { t } = wordsOf(rulesWords);

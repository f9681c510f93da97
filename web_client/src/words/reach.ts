/**
 * The words of the connection row: how this browser reaches a partner, and what to do when it does not.
 *
 * Places: `{port}` a port, `{ways}` a list such as "UDP 3478, TCP 443", `{way}` one such, `{n}` a number.
 */
import { wordsOf } from "@/words/words";

export const reachWords = {
  "reach.title": "Connection",
  // While it is tried.
  "reach.looking": "Asking our server…",
  "reach.trying": "Trying a call…",
  "reach.longer": "Trying other ways…",
  // What came of it.
  "reach.good": "Works",
  "reach.slow": "Works, but slowly",
  // The member hides the network address.
  "reach.hidden": "Works, through our server, as you hide your address",
  // The instance connects nobody directly.
  "reach.all": "Works, through our server, as all calls here do",
  "reach.relay": "Works, through our server. Your network lets nothing straight through.",
  "reach.half": "Your network reaches us, but calls through our server do not get through. With some partners a call may not start.",
  "reach.half.cure": "Try another network.",
  // Nobody answered of the several that were asked.
  "reach.nothing": "Nothing we sent came back: this network keeps calls out.",
  "reach.nothing.cure": "Try another network, such as your phone’s, or turn a VPN off.",
  // Our server does not answer, and nobody else was asked, or somebody else answered.
  "reach.silent": "Our server’s port {port} did not answer. That is this network or our server.",
  "reach.silent.cure": "Try another network, such as your phone’s, or turn a VPN off.",
  "reach.blocked": "This browser keeps calls from working.",
  "reach.blocked.cure": "Turn off what blocks WebRTC here, an extension or a setting, or take another browser.",
  "reach.untried": "We could not try this just now. That says nothing about your connection.",
  "reach.unreachable": "We do not reach the server. Look at your network; we go on trying.",
  "reach.again": "Try again",
  "reach.again.name": "Try again to connect",
  // The heading when all devices work and the connection could not be tried.
  "reach.sum.untried": "Camera and microphone work",
  // For whoever runs the network: one line each, to be copied.
  "reach.details": "Details for whoever runs the network",
  // Above those lines, where it does not work.
  "reach.half.more": "If it is so on other networks too, tell whoever runs this place.",
  "reach.nothing.more": "At work or school, ask whoever runs the firewall to let the ports below through.",
  "reach.silent.more":
    "At work or school, ask whoever runs the firewall to let the ports below through. If it is so on other networks too, tell whoever runs this place.",
  "reach.copy": "Copy",
  "reach.copied": "Copied",
  "reach.copy.by_hand": "Mark the lines to copy them",
  "reach.detail.head": "Connection check of {site}, {time}",
  "reach.detail.relay.answered": "Relay, UDP {port}: answered after {n} ms",
  "reach.detail.relay.turn": "Relay, UDP {port}: answered through TURN only",
  "reach.detail.relay.silent": "Relay, UDP {port}: no answer in {n} s",
  "reach.detail.relay.untried": "Relay: not tried",
  "reach.detail.stun.answered": "STUN, {ways}: answered",
  "reach.detail.stun.silent": "STUN, {ways}: no answer",
  "reach.detail.stun.none": "STUN: not asked",
  "reach.detail.turn.answered": "TURN over {way}: answered",
  "reach.detail.turn.silent": "TURN, {ways}: no answer",
  "reach.detail.turn.none": "TURN: this place has none",
} as const;

export type ReachWord = keyof typeof reachWords;

export const { t } = wordsOf(reachWords);

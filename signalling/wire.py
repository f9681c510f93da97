"""Every message between a page and the hub: the catalogue of the browser protocol.

One WebSocket a tab, binary frames, each one msgpack map with its name under `t`. Identity comes
from the socket's sign-in, never from a message. `docs/protocol.md` tells the conversation in order;
the golden files under `tests/golden/wire` hold one example of each.
"""

from __future__ import annotations

from typing import Literal

import msgspec

PROTOCOL = 3
"""The version a page names in `hello`; the hub serves this one. Both ends refuse fields that they do not
know, so any change of fields is another version; a test holds the two together."""

FRAME_MAX = 64 * 1024
"""The largest frame either side accepts, in bytes."""

Path = Literal["direct", "relay"]
SignalKind = Literal["offer", "answer", "candidate"]
Picture = Literal["on", "off", "suspect"]
DeviceTrouble = Literal["", "unplugged", "denied", "busy", "weak"]
Trouble = DeviceTrouble | Literal["asleep"]
"""What a room shows; that a page was put to sleep no page can say itself."""
EntryKind = Literal["chat", "task", "tick", "drop"]
What = Literal["booking", "pool", "flags", "clock", "people", "messages", "invites", "repeats"]
Reason = Literal[
    "",
    "booked",
    "matched",
    "locked",
    "changed",
    "unmatched",
    "replaced",
    "improved",
    "cancelled",
    "reminder",
    "awaited",
    "late",
    "no_show",
    "ended",
    "settled",
]
OverReason = Literal[
    "closed", "left", "other_tab", "ended_together", "cancelled", "signed_out", "replaced"
]


class Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="t"):
    """Base of all messages."""


# What a page says.


class Hello(Message, frozen=True, kw_only=True, tag="hello"):
    """The first message, within five seconds. `epoch` and `offset` ask to resume what was missed."""

    v: int
    tab: str
    """Random, one per tab; survives a reload, so that a reload takes its own seat back."""
    epoch: str = ""
    offset: str = ""


class Ping(Message, frozen=True, kw_only=True, tag="ping"):
    """Answered at once with the same `n` and the server's time."""

    n: int


class Enter(Message, frozen=True, kw_only=True, tag="enter"):
    """Take the seat of this booking. Allowed from doors open to doors closed.

    A page that lost only its socket names the connection it still has by `pair`, `gen` and `path`, which
    is then left alone; without them, or if it was held for another pair, both pages build a new one.
    """

    booking: str
    camera: bool
    mic: bool
    gen: int = 0
    path: Path = "direct"
    pair: str = ""


class Leave(Message, frozen=True, kw_only=True, tag="leave"):
    """Leave the room for good."""


class Signal(Message, frozen=True, kw_only=True, tag="signal"):
    """An offer, an answer or a candidate of the connection with this generation.

    Page to hub and hub to page alike. An empty `candidate` ends the candidates.
    """

    gen: int
    kind: SignalKind
    round: int = 0
    """Counts the ICE restarts of this connection; a signal of another round is ignored."""
    sdp: str = ""
    candidate: str = ""
    mid: str = ""
    line: int = 0


class Connected(Message, frozen=True, kw_only=True, tag="connected"):
    """This page's connection of this generation carries the partner's media; `first_frame_ms` since `negotiate`."""

    gen: int
    first_frame_ms: int
    round: int = 0
    """The ICE restart that this is about; 0 is the connection's beginning."""
    gap_ms: int = 0
    """How long the partner's picture had stood still until then; 0 when it did not, or there was none."""


class Failed(Message, frozen=True, kw_only=True, tag="failed"):
    """This page's connection of this generation did not come, or died."""

    gen: int
    round: int = 0
    """The newest ICE restart this page knows; after a newer one it is not about this any more."""


class Silent(Message, frozen=True, kw_only=True, tag="silent"):
    """Nothing of the partner's media has come by this generation for `LOST_MS`, though some should.

    A testimony, not a verdict: the hub acts on two of them, or on one and its own link to the worker.
    `silent` false takes it back."""

    gen: int
    silent: bool


class Seen(Message, frozen=True, kw_only=True, tag="seen"):
    """How the partner's picture arrives here, on change; on the direct path nobody else can tell."""

    gen: int
    picture: Picture


class Figures(Message, frozen=True, kw_only=True, tag="figures"):
    """What this page measured of its call, sent because its member pressed the button that says so."""

    gen: int
    figures: dict[str, int]


class Media(Message, frozen=True, kw_only=True, tag="media"):
    """The own camera and microphone are on or off."""

    camera: bool
    mic: bool
    screen: bool = False
    """The screen is shared."""
    trouble: DeviceTrouble = ""
    """Why the camera is off though it should be on: a fault, not a choice."""


class Break(Message, frozen=True, kw_only=True, tag="break"):
    """Step away for so many minutes."""

    minutes: int


class Back(Message, frozen=True, kw_only=True, tag="back"):
    """The break is over."""


class TellCamera(Message, frozen=True, kw_only=True, tag="tell_camera"):
    """Tell the partner that their picture is missing, once in a stretch; possible while `unseen`."""


class CamerasOff(Message, frozen=True, kw_only=True, tag="cameras_off"):
    """Ask to work with both cameras off, or agree to it; `on` false takes it back, for both.

    Only where the rules of the instance allow it."""

    on: bool


class EndTogether(Message, frozen=True, kw_only=True, tag="end_together"):
    """Ask to end the session now, or agree to it; both must say so."""


class GoOn(Message, frozen=True, kw_only=True, tag="go_on"):
    """Go on to the next session with the same partner now; it happens when both say so, and at E anyway."""


class Seek(Message, frozen=True, kw_only=True, tag="seek"):
    """Look for another partner: the own one is not here, or there is none."""

    newcomers: bool = False
    """Somebody in their first session is welcome without asking again."""
    locked: bool = False
    """Although the partner was locked in."""


class StopSeeking(Message, frozen=True, kw_only=True, tag="stop_seeking"):
    """Wait for the own partner after all."""


class Answer(Message, frozen=True, kw_only=True, tag="answer"):
    """Yes or no to the newest `asked`."""

    accept: bool


class Entry(Message, frozen=True, kw_only=True, tag="entry"):
    """One entry of the pair's replicated log: chat and tasks. Page to hub, hub to page, page to page.

    Entries are merged as a set by `id`. `tick` and `drop` name the task they are about in `ref`;
    the latest by (`at_ms`, `id`) wins.
    """

    id: str
    kind: EntryKind
    by: str
    """Author's member id; the hub refuses an entry that names another."""
    at_ms: int
    text: str = ""
    ref: str = ""
    done: bool = False


# What the hub says.


class Welcome(Message, frozen=True, kw_only=True, tag="welcome"):
    """Answer to `hello`. `resumed` false: load everything anew; what was missed cannot be told."""

    v: int
    member: str
    server_ms: int
    epoch: str
    offset: str
    resumed: bool


class Pong(Message, frozen=True, kw_only=True, tag="pong"):
    """`offset` moves the place to resume from while there are no notices."""

    n: int
    server_ms: int
    offset: str = ""


class Changed(Message, frozen=True, kw_only=True, tag="changed"):
    """Something the member sees has changed; fetch it. `offset` is what the next hello resumes from."""

    what: What
    offset: str
    booking: str = ""
    reason: Reason = ""
    start_ms: int = 0
    length_min: int = 0


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The partner, as a room shows them."""

    member: str
    name: str
    zone: str
    sessions: int
    """Sessions kept so far; 0 is a first session."""


class Seat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of one side of the room now."""

    here: bool
    """In the seat, a lost connection within its grace included."""
    joined: bool
    """Has been here in this session at all."""
    camera: bool
    mic: bool
    screen: bool = False
    trouble: Trouble = ""
    unseen: bool = False
    """Without a picture for so long that the partner may tell them, and has not."""
    stalled: bool = False
    """The connection is lost and the seat is held."""
    break_until_ms: int = 0
    """Server time at which a declared break is due to end; 0 outside breaks."""
    breaks_used_ms: int = 0
    """Break time used up so far in this session."""
    wants_end: bool = False
    left: bool = False
    """Left for good."""
    wants_off: bool = False
    """Wants to work with cameras off; they may be while both do."""
    goes_on: bool = False
    """Wants to go on to the next session of the two now."""


class GoneOn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The partner who did not wait any longer, and when they went on with somebody else."""

    name: str
    at_ms: int


class Room(Message, frozen=True, kw_only=True, tag="room"):
    """The whole room after `enter`; later changes come as `seats`, `partner`, `entry`, `negotiate`."""

    booking: str
    pair: str
    """Empty while nobody is matched."""
    start_ms: int
    end_ms: int
    opens_ms: int
    closes_ms: int
    title: str
    partner: Person | None
    you: Seat
    them: Seat
    log: list[Entry]
    """What the hub holds of the replicated log; the partner's page has the rest."""
    break_budget_ms: int
    break_max_ms: int
    carried: bool = False
    """The next session of the same two, told without an `enter`: the connection goes on as it is."""
    replaced: GoneOn | None = None
    """This member was late, and the partner of then did not wait."""


class Seats(Message, frozen=True, kw_only=True, tag="seats"):
    """Both seats, after any change."""

    you: Seat
    them: Seat


class PartnerChanged(Message, frozen=True, kw_only=True, tag="partner"):
    """The room's partner came, went or was replaced."""

    pair: str
    partner: Person | None


class IceServer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One STUN or TURN server with time-limited credentials."""

    urls: list[str]
    username: str = ""
    credential: str = ""


class Negotiate(Message, frozen=True, kw_only=True, tag="negotiate"):
    """Build a new connection of this generation, beside the old one until its first frame.

    The page with `offer` true makes the offer; the other answers. Messages of older generations
    are ignored by all. `relay` connects to the SFU and takes its candidate from the SDP.
    """

    gen: int
    path: Path
    offer: bool
    ice_servers: list[IceServer]
    relay_only: bool = False
    """Gather relayed candidates only (TURN)."""
    round: int = 0
    """Above 0: keep this generation's connection and restart its ICE. With `offer` true this page
    makes the offer; on the relay the hub answers it, and the partner's page hears nothing of it."""
    blind: bool = False
    """The relay cannot see what it carries: the fingerprints in the descriptions are the browsers'."""


class Nudge(Message, frozen=True, kw_only=True, tag="nudge"):
    """A private hint about the own presence."""

    kind: Literal[
        "camera_off",
        "camera_off_again",
        "camera_missed",
        "cameras_count",
        "picture_empty",
        "break_over",
    ]
    """`camera_missed`: the partner told them. `cameras_count`: the partner took back that they may be off."""


class PartnerLate(Message, frozen=True, kw_only=True, tag="partner_late"):
    """The partner has not joined; `no_show` once they are marked absent."""

    no_show: bool
    next_ms: int
    """Until when to wait: T plus the no-show limit."""
    change_from_ms: int
    """From when on `seek` is possible."""


class Search(Message, frozen=True, kw_only=True, tag="search"):
    """What has come of `seek` so far. It goes on until `partner`, a refusal or `stop_seeking`."""

    outcome: Literal["found", "asking", "newcomer", "nobody"]
    """`found`: the new `partner` follows. `asking`: somebody is asked until `until_ms`. `newcomer`: only
    somebody in their first session is free, so `asked` follows. `nobody` is free now; whoever comes next is."""
    until_ms: int = 0


class Asked(Message, frozen=True, kw_only=True, tag="asked"):
    """Somebody here would like to start with this member, whose own partner is not here. `newcomer`: this
    member looks for a partner, and only somebody in their first session is free."""

    newcomer: bool
    until_ms: int


class AskOver(Message, frozen=True, kw_only=True, tag="ask_over"):
    """What `asked` said is not asked any more: answered, too late, or somebody came."""


class Over(Message, frozen=True, kw_only=True, tag="over"):
    """The room is closed to this page. The socket stays open."""

    reason: OverReason
    """`replaced`: the partner went on with somebody else; `enter` again to wait for another one."""


class Refused(Message, frozen=True, kw_only=True, tag="refused"):
    """A message was refused and changed nothing. `ref` is its name."""

    code: str
    text: str
    ref: str = ""
    data: dict[str, int | str] = {}


ClientMessage = (
    Hello
    | Ping
    | Enter
    | Leave
    | Signal
    | Connected
    | Failed
    | Silent
    | Seen
    | Figures
    | Media
    | Break
    | Back
    | TellCamera
    | CamerasOff
    | EndTogether
    | GoOn
    | Seek
    | StopSeeking
    | Answer
    | Entry
)
ServerMessage = (
    Welcome
    | Pong
    | Changed
    | Room
    | Seats
    | PartnerChanged
    | Negotiate
    | Signal
    | Entry
    | Nudge
    | PartnerLate
    | Search
    | Asked
    | AskOver
    | Over
    | Refused
)

"""The keys that Python touches itself. The functions' own are in `functions/shared/keys.lua`.

All share one hash tag, so that one call may touch any of them, in a cluster too. The tag is what
tells two ledgers in one store apart.
"""

from __future__ import annotations


def root(tag: str) -> str:
    """What every key begins with, and the one key a function is given."""
    return "{" + tag + "}"


def meta(tag: str) -> str:
    """Hash: rules, clock offset, latest time told, counters, epoch."""
    return f"{root(tag)}:meta"


def outbox(tag: str) -> str:
    """Stream of events."""
    return f"{root(tag)}:out"


def dead_letters(tag: str) -> str:
    """Stream of events and of queued work whose handler failed for good."""
    return f"{root(tag)}:dead"


def log(tag: str, pair: str) -> str:
    """List: a session's event log."""
    return f"{root(tag)}:log:{pair}"


def flags(tag: str, member: str) -> str:
    """Hash: `session:<pair>` or `cancel:<booking>` to flags."""
    return f"{root(tag)}:flags:{member}"


def kept(tag: str) -> str:
    """Hash: member to sessions kept."""
    return f"{root(tag)}:kept"


# Accounts: what store/accounts.py, store/limits.py and mail/mailbox.py keep.


def account(tag: str, member: str) -> str:
    """JSON: one account, the mail address in it and nowhere else."""
    return f"{root(tag)}:acct:{member}"


def mail(tag: str, hashed: str) -> str:
    """Text: the member id of a mail address, by the address' keyed hash."""
    return f"{root(tag)}:mail:{hashed}"


def link(tag: str, hashed: str) -> str:
    """JSON: what a sign-in link is worth, by its token's hash; gone when spent or expired."""
    return f"{root(tag)}:link:{hashed}"


def holder(tag: str, hashed: str) -> str:
    """JSON: the slot that is held through an invite's link, by the hash of its key; gone with the hold."""
    return f"{root(tag)}:holder:{hashed}"


def held_by(tag: str, member: str) -> str:
    """JSON: the held slot that a sign-in link handed to this member; gone with the hold."""
    return f"{root(tag)}:heldby:{member}"


def session(tag: str, hashed: str) -> str:
    """JSON: one browser's sign-in, by its cookie's hash; expires."""
    return f"{root(tag)}:sess:{hashed}"


def era(tag: str, member: str) -> str:
    """Number: raised by signing out everywhere; sessions of earlier eras are over."""
    return f"{root(tag)}:era:{member}"


def checkin(tag: str, booking: str) -> str:
    """JSON: how a session went, for its owner's eyes; expires."""
    return f"{root(tag)}:checkin:{booking}"


def limit(tag: str, name: str, subject: str) -> str:
    """Number: when this subject's allowance of this kind is whole again; expires then."""
    return f"{root(tag)}:limit:{name}:{subject}"


def mailbox(tag: str) -> str:
    """List: the newest mails of an instance on loopback, newest first."""
    return f"{root(tag)}:mailbox"


# Tools: what store/queue.py, repeats.py, notices.py, feeds.py, tokens.py and webhooks.py keep.


def queue(tag: str, name: str) -> str:
    """Zset: work of this kind by when it is due."""
    return f"{root(tag)}:queue:{name}"


def queued(tag: str, name: str) -> str:
    """Hash: what each piece of that work is about."""
    return f"{root(tag)}:queued:{name}"


def leases(tag: str, name: str) -> str:
    """Hash: how often each piece of that work was claimed since it was put in."""
    return f"{root(tag)}:leases:{name}"


def repeat(tag: str, id: str) -> str:
    """JSON: one repeat."""
    return f"{root(tag)}:rep:{id}"


def repeats(tag: str, member: str) -> str:
    """Set: ids of a member's repeats."""
    return f"{root(tag)}:reps:{member}"


def repeat_dates(tag: str, id: str) -> str:
    """Hash: date to what became of it, JSON."""
    return f"{root(tag)}:repdates:{id}"


def repeated(tag: str, booking: str) -> str:
    """Text: the repeat that made a booking; expires."""
    return f"{root(tag)}:repof:{booking}"


def mailed(tag: str, key: str) -> str:
    """JSON: the last mail of a kind that one member caused to another; expires."""
    return f"{root(tag)}:mailed:{key}"


def told(tag: str, booking: str) -> str:
    """JSON: what the last mail about a booking said; expires."""
    return f"{root(tag)}:told:{booking}"


def feed(tag: str, hashed: str) -> str:
    """Text: whose calendar feed this is, by its secret's hash."""
    return f"{root(tag)}:feed:{hashed}"


def feed_of(tag: str, member: str) -> str:
    """JSON: what a member's feed address is made from, with the instance's secret."""
    return f"{root(tag)}:feedof:{member}"


def token(tag: str, hashed: str) -> str:
    """JSON: one personal token, by its hash."""
    return f"{root(tag)}:token:{hashed}"


def tokens(tag: str, member: str) -> str:
    """Hash: id to hash of a member's personal tokens."""
    return f"{root(tag)}:tokens:{member}"


def webhooks(tag: str, member: str) -> str:
    """Hash: id to a member's webhook, JSON."""
    return f"{root(tag)}:hooks:{member}"


def webhook_waiting(tag: str, id: str) -> str:
    """Zset: the calls of a webhook that wait, by when they were put in."""
    return f"{root(tag)}:hookwait:{id}"


def webhook_health(tag: str, id: str) -> str:
    """JSON: how the calls of a webhook go."""
    return f"{root(tag)}:hook:{id}"


# What store/replay.py asks for and keeps.


def request(tag: str, op: str, member: str, request_id: str) -> str:
    """Text: the answer a command was given; expires after a day."""
    return f"{root(tag)}:rq:{op}:{member}:{request_id}"


def conflicts(tag: str) -> str:
    """List of JSON: acknowledged changes that another store refused, the newest first."""
    return f"{root(tag)}:conflicts"


def lost(tag: str, history: str) -> str:
    """Zset by time: records of changes that the store of this history lacks; expires."""
    return f"{root(tag)}:lost:{history}"

"""Accounts, bookings, matching, sessions and flags: all durable state of an instance.

    rules.py         every number of an instance
    errors.py        everything that is refused, as one tree
    bookings.py      bookings, pairs and waiting slots, as the ledger returns them
    matching.py      who may meet whom, and who best
    presence.py      what was seen in a room; flags.py a fault with its evidence
    events.py        what happened, told through the outbox
    spans.py, timeline.py, judge.py     a session's log, read and judged
    accounts.py, signin.py, checkins.py, demo.py, config.py     members and how they come in
    ports.py         what the use cases need of the outside
    service.py       the use cases; awaits the stores it is handed, the one exception to purity

    store/           Valkey: the ledger's functions, accounts, limits, timers, outbox
    web/             the REST face, and the private port with health and metrics
    mail/            the post

A change of the ledger is one call of one store function: it checks everything first, writes last
and appends its events to the outbox in the same step. The scheduler process lets timers fire and
reads the outbox; a session that closed is judged from its event log alone.
"""

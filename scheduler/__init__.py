"""Accounts, bookings, matching, sessions and flags: all durable state of an instance.

    rules.py         every number of an instance
    errors.py        everything that is refused, as one tree
    bookings.py      bookings, pairs and waiting slots, as the ledger returns them
    matching.py      who may meet whom, and who best; optimiser.py a whole slot at once, plan.py what it asks
    people.py        favourites, friends, invites, messages; standby.py another partner after T
    presence.py      what was seen in a room; flags.py a fault with its evidence
    events.py        what happened, told through the outbox
    spans.py, timeline.py, judge.py, outcomes.py     a session's log, read, judged, and told
    cancelling.py, announcing.py        what counts before T
    repeats.py, walltime.py, calendars.py, notices.py, webhooks.py     what is booked, written and called later
    accounts.py, signin.py, tokens.py, checkins.py, demo.py, config.py     members and how they come in
    ports.py         what the use cases need of the outside
    services/        the use cases by topic, service.py all of them for the REST face; they await the stores
                     they are handed, the one exception to purity

    store/           Valkey: the ledger's functions, accounts, limits, timers, outbox, queues
    web/             the REST face, and the private port with health and metrics
    mail/            the post
    hooks/           calls of members' own programs

A change of the ledger is one call of one store function: it checks everything first, writes last
and appends its events to the outbox in the same step. The scheduler process lets timers fire and
reads the outbox; a session that closed is judged from its event log alone.
"""

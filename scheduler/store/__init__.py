"""Where the scheduler's state lives: Valkey or Redis from 7.0 on.

ledger.py       what may be done with bookings, one method a function of the store
functions/      those functions, in Lua; one call is one atomic change (docs/ledger.md)
library.py      puts them together and names their version
calls.py        one call: errors, metrics
replicas.py     waiting for replicas, for calls and for whatever is revoked
keys.py         the keys that Python touches itself
standby.py      another partner after T
plans.py        slots as the optimiser sees them, and its changes
reconcile.py    puts right what is derived from bookings, after a failover too
outbox.py       the stream of events: its form, and reading it with a group
ticker.py       the loop that lets timers fire
clock.py        a copy of the store's time that can be asked without waiting
connection.py   how we connect
"""

"""How well members are matched: communities that do not exist book, cancel, lock in and come, again and
again from the same seeds, under each policy, with the optimiser and the scores of the real scheduler.

`people` who there are · `arrivals` what they do about one slot · `policies` what an instance may do ·
`desk` the bookings of a slot while it fills · `play` a slot under a policy from first booking to T ·
`hindsight` what could have been · `late` from T on · `small` few people · `cost` the optimiser's time ·
`tally` and `report` the figures.
"""

"""The REST face: JSON under /api/v1, and the private operators' port.

app.py        puts the interface into an aiohttp application
routes.py     the whole interface in one table
endpoint.py   one call, from the request to the response
guard.py      who may call: origin, sign-in, token, rate limit, welcome
schemas.py    what goes over the wire, as types
views.py      how things of the scheduler look on the wire
failures.py   errors to status and body, in one place
headers.py    security headers on every response
openapi.py    the description of the interface, made from the table and the types
instance.py signin.py me.py bookings.py flags.py dev.py   the handlers, a module a noun
ops.py        /livez, /readyz and /metrics, for every role
"""

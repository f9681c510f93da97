"""The hub: one WebSocket a tab, rooms of two seats, presence as the server sees it.

Everything at this root is pure. *Events* (`events`) go into `Hub.handle` together with the time;
*commands* (`commands`) come out, and `Hub.next_deadline` says when it next wants to be called with
a `Woke`. `web/runner` is the one loop that drives it: one event in, every command out, the deadline
re-armed. Nothing here waits, and nothing here fails because the store does.

    hub          which event concerns whom: sockets, tabs, rooms, the outbox
    connection   one socket's life: greeting, in the lobby, in a seat
    rooms        all rooms by name, by booking and by line
    seating      who gets a seat, and who loses it
    moving       pages that change rooms without asking: new partners, and the next session of the same two
    searches     what the ledger says to who looks for a partner, or is asked to be one
    room         two seats from doors open to doors closed, made from a plan
    telling      what its pages are shown; circuit: their connection; recording: what goes into the log
    alone        members without their partner in it; roll: who is missing since when; onward: what is next
    seat         one of the two: presence, camera, breaks, standby (a leaf each)
    negotiation  generations, paths and deadlines of the pair's connection
    legs         the SFU worker that carries a generation
    desk         the pair's replicated log of chat and tasks
    backlog      what was told lately, so that a resume is exact or said to be lost
    wire, codec  the browser protocol, and its frames

A room admits by booking and never by room id; who speaks is what the socket signed in as, never
what a message says. What is seen becomes `scheduler.presence` events, transitions only.
"""

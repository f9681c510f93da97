"""Synthetic members: the robots that keep a demo company, and later whole crowds for load tests.

Pure at the root: `script` (what a robot does in a session, and when), `planner` (which slots the
robots hold), `desk` (a robot's copy of the pair's chat and tasks), `picture` and `sound` (what its
camera and microphone would give). Folders touch the world: `rtc/` is a robot's side of a call on
aiortc, `web/` its REST calls, its WebSocket and its life. A robot uses the same doors as a page:
nothing of it reaches into the server. `bench/` measures: matching by playing communities, the store by loading it.
"""

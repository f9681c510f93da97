"""A robot's side of a call, on aiortc."""

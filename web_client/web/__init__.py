"""Serves the built page over HTTP."""

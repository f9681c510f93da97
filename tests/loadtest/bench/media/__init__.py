"""Tests of the bench of the relay."""

"""Looks at single key frames in a process of its own, where the instance allows it at all.

The decoder is the one part that reads what strangers made: it has no secret, no network, no file to
write, little memory, and little weight among the processes. What it gives back is one word a picture.
"""

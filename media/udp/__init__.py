"""The one UDP port: socket, forwarding loop, STUN bytes, metrics."""

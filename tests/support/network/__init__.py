"""Networks that lose, delay, cut and translate, for real programs on one machine.

Each client lives in a network namespace of its own whose only way out is a TUN device; a process of
ours reads what comes out of them all, and decides packet by packet what becomes of it. Which packets
are lost follows from a seed. The kernel's own emulation (netem) is not everywhere; this needs root
and `/dev/net/tun`.
"""

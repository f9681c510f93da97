"""Benches: what an instance costs and how well it does, side by side with something else, in one run.

`python3 alongside.py bench NAME`. A bench is a module named in `registry.py`; each figure it finds is
one line. What could not be measured is a line too, and says why.
"""

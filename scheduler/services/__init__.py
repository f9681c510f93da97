"""The use cases, one module a topic: each awaits the stores it was handed, and nothing else.

What is decided, is decided in the pure modules and in the ledger's functions. Everything may be
asked again without harm: sign-ups and sign-outs by their nature, changes by their request id,
verdicts because the ledger writes each once.
"""

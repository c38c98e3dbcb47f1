"""What the NumPy of `words` and the compiled kernel agree on: how a token is marked, and how letters are mixed."""

from __future__ import annotations

NUMERIC = 0x80
"""Bit of a token's kind: it has a digit. The bits below are the place in `words.WINDOW`."""

# Odd constants of no structure (splitmix64's and Murmur's).
LETTER_BASE = 0x9E3779B97F4A7C15
TOKEN_BASE = 0xD6E8FEB86659FD93
MIX_1 = 0xBF58476D1CE4E5B9
MIX_2 = 0x94D049BB133111EB

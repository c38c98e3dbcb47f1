"""Imported once by the process from which workers are forked: they start with everything loaded, and share it.

A worker that was killed is then replaced in milliseconds, and the language model stands in memory once.
"""

from __future__ import annotations

from crawler.extraction.worker import read

_PAGE = "<html><head><title>Warm</title></head><body><article><h1>Warm</h1>{}</article></body></html>"
_DATED = "<p>On 1 January 2026 it was warm.</p>"
"""Asks for the tables of date lines, and states no date: what looks for one otherwise is loaded, too."""
_PARAGRAPH = "<p>Page number {} pays for the tables and the models that are made when they are first used.</p>"

read("http://warm.invalid/", _PAGE.format(_DATED + "".join(map(_PARAGRAPH.format, range(9)))).encode())

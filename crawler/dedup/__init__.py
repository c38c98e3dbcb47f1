"""Which texts are the same, and in which passages: a plain library, of use without Scrapy.

>>> from crawler.dedup import NearDuplicates
>>> held = NearDuplicates()
>>> held.add("harbour", "The harbour master said on Monday that the old ferry would sail again before winter.")
>>> [match.key for match in held.matches("The harbour master said on Monday that the old ferry would sail again.")]
['harbour']
"""

from crawler.dedup.alignment import Match, Passage, align
from crawler.dedup.near import NearDuplicates
from crawler.dedup.postings import Change, PostingIndex
from crawler.dedup.prepared import Prepared, Span, prepare
from crawler.dedup.segments import Segment, SegmentError, sweep
from crawler.dedup.sketches import RECIPE, RecipeMismatch, Sketch, shingle_hashes, sketch

__all__ = [
    "RECIPE",
    "Change",
    "Match",
    "NearDuplicates",
    "Passage",
    "PostingIndex",
    "Prepared",
    "RecipeMismatch",
    "Segment",
    "SegmentError",
    "Sketch",
    "Span",
    "align",
    "prepare",
    "shingle_hashes",
    "sketch",
    "sweep",
]

"""Scrapy's AutoThrottle, with two of its rules otherwise: one slow answer is no slow site, and a 404 is an answer.

As it comes, one answer that took half a minute sets the delay to half a minute, and answers other than 200 never lessen
it: a site of which a dozen usual places are tried, all 404, was then asked for one in thirty seconds.
"""

from __future__ import annotations

from scrapy.core.downloader import Slot
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response

_STEP = 0.5
"""Seconds to which a delay may rise at once; above, it doubles with each slow answer."""
_TROUBLE = frozenset({403, 429})


class Throttle(AutoThrottle):
    """Scrapy extension: a delay for each host by how long its answers take. The AUTOTHROTTLE settings are Scrapy's."""

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        target = latency / self.target_concurrency
        delay = min(max(target, (slot.delay + target) / 2), max(2 * slot.delay, _STEP))
        delay = min(max(self.mindelay, delay), self.maxdelay)
        in_trouble = response.status >= 500 or response.status in _TROUBLE
        if in_trouble and delay < slot.delay:
            return  # errors are quick; that says nothing of the site's strength
        slot.delay = delay

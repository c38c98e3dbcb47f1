"""Where are a site's articles? Bytes in, links out, no network.

profile = recognise(front, robots)            # once, and again when methods dry up
for link in plan(profile, visit, site): …     # the lists to fetch now
for link in audit(profile, visit, site): …    # one more, once a day, where lists are dear
found = read(link.method, fetched, visit)     # what one of them says
profile = learn(profile, lesson)              # at the end of a visit
"""

from __future__ import annotations

from crawler.discovery.base import Fetched, Found, Lesson, Link, Visit
from crawler.discovery.planning import METHODS, audit, learn, plan
from crawler.discovery.recognition import recognise

__all__ = ["METHODS", "Fetched", "Found", "Lesson", "Link", "Visit", "audit", "learn", "plan", "read", "recognise"]


def read(method: str, fetched: Fetched, visit: Visit) -> Found:
    """What one list says. Never raises on what a site sends; KeyError for a method that does not exist."""
    return METHODS[method].read(fetched, visit)

"""How a request asks for the browser, and how an answer tells that it came out of it: in scrapy-playwright's words."""

from __future__ import annotations

from typing import Any

from scrapy.http import Response


def browser_meta() -> dict[str, Any]:
    """`Request.meta` of a page that is to be rendered. Its latency is the browser's, and says nothing of the site's."""
    return {"playwright": True, "autothrottle_dont_adjust_delay": True}


def is_rendered(response: Response) -> bool:
    """Whether a response came out of the browser."""
    return "playwright" in response.flags

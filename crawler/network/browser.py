"""Pages that render by JavaScript: scrapy-playwright, started when the first such page is asked for and not before.

The browser runs behind our loopback proxy, so whatever a page's script asks for goes past the same guard as
Scrapy's own requests.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Request, Response

from crawler.network.proxy import USER, LoopbackProxy

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
FLAGS = (
    "--proxy-bypass-list=<-loopback>",  # Chromium would go to loopback addresses past any proxy
    "--disable-gpu",
    "--disable-quic",  # UDP knows no proxy
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
BLOCKED = frozenset({"image", "font", "media"})
"""Resources that say nothing of a text."""

_SETTLE_SECONDS = 8
_CLOSE_SECONDS = 5


class BrowserError(Exception):
    """A page could not be rendered; the message says why."""


def find_executable(setting: str = "") -> str | None:
    """The browser's program: as set, a Chromium on PATH, or Playwright's own; None where there is none."""
    if setting:
        return shutil.which(setting)
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or _playwrights_own()


def _playwrights_own() -> str | None:
    caches = {"darwin": "Library/Caches"}.get(sys.platform, ".cache")
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / caches / "ms-playwright")
    programs = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium")
    found = sorted(path for pattern in programs for path in folder.glob(pattern))
    return str(found[-1]) if found else None


def browser_problem(setting: str = "") -> str:
    """Why no page can be rendered here, and what to install; "" where all is there."""
    if importlib.util.find_spec("scrapy_playwright") is None:
        return "this needs a browser: pip install 'firstprint[browser]', and a Chromium (apt-get install chromium)"
    if find_executable(setting) is None:
        wanted = f"BROWSER_EXECUTABLE {setting} is not there; " if setting else ""
        return f"{wanted}this needs a Chromium: apt-get install chromium, or playwright install chromium"
    return ""


class PageDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's own handler, and the browser for requests that ask for it. One object serves both schemes."""

    lazy = True
    _made: ClassVar[dict[Crawler, PageDownloadHandler]] = {}

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._browser: asyncio.Task[_Browser] | None = None
        self._closed = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PageDownloadHandler:
        """The one handler of this crawler: there shall be one browser, not one a scheme."""
        if crawler not in cls._made:
            cls._made[crawler] = cls(crawler)
        return cls._made[crawler]

    async def download_request(self, request: Request) -> Response:
        """Fetches a request, rendered where its meta says so."""
        if not request.meta.get("playwright"):
            return await super().download_request(request)
        if self._browser is None or (self._browser.done() and self._browser.exception()):
            self._browser = asyncio.ensure_future(_Browser.launch(self._crawler))
        return await (await self._browser).render(request)

    async def close(self) -> None:
        """Ends the browser, if there was one."""
        if self._closed:
            return
        self._closed = True
        self._made.pop(self._crawler, None)
        await super().close()
        if self._browser is not None:
            with suppress(Exception):
                await (await self._browser).close()


class _Browser:
    """scrapy-playwright's handler with our options, behind our proxy."""

    def __init__(self, handler: Any, proxy: LoopbackProxy, timeout: float, max_size: int) -> None:
        self._handler = handler
        self.proxy = proxy
        self._timeout = timeout
        self._max_size = max_size

    @classmethod
    async def launch(cls, crawler: Crawler) -> _Browser:
        """Starts proxy and driver; Chromium itself starts with the first page."""
        problem = browser_problem(crawler.settings.get("BROWSER_EXECUTABLE") or "")
        if problem:
            raise BrowserError(problem)
        from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
        from twisted.internet import reactor

        settings = crawler.settings
        timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        proxy = LoopbackProxy(reactor)
        proxy.start()
        handler = ScrapyPlaywrightDownloadHandler(crawler)
        handler.config.launch_options = {
            **settings.getdict("PLAYWRIGHT_LAUNCH_OPTIONS"),
            **_launch_options(settings, proxy),
        }
        handler.config.max_pages_per_context = settings.getint("BROWSER_PAGES")
        handler.config.navigation_timeout_ms = timeout * 1000
        handler.abort_request = lambda asked: asked.resource_type in BLOCKED
        await handler._launch()
        return cls(handler, proxy, timeout, settings.getint("DOWNLOAD_MAXSIZE"))

    async def render(self, request: Request) -> Response:
        """One page, when its network has come to rest. Raises BrowserError, DownloadCancelledError."""
        opened: list[Any] = []

        async def remember(page: Any, _request: Request) -> None:
            opened.append(page)

        from scrapy_playwright.page import PageMethod

        request.meta["playwright_page_init_callback"] = remember
        request.meta["playwright_page_methods"] = [PageMethod(_settle)]
        request.meta["playwright_context_kwargs"] = {"service_workers": "block", "accept_downloads": False}
        try:
            response: Response = await asyncio.wait_for(
                self._handler.download_request(request), 2 * self._timeout + _SETTLE_SECONDS
            )
        except Exception as error:
            await _close_pages(opened)
            lines = str(error).splitlines() or [type(error).__name__]
            raise BrowserError(f"the browser could not show the page: {lines[0][:200]}") from error
        if self._max_size and len(response.body) > self._max_size:
            raise DownloadCancelledError("the rendered page is larger than DOWNLOAD_MAXSIZE")
        return response

    async def close(self) -> None:
        """Ends browser, driver and proxy."""
        await self._handler.close()
        await self.proxy.stop()


def _launch_options(settings: Any, proxy: LoopbackProxy) -> dict[str, Any]:
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return {
        "headless": True,
        "executable_path": find_executable(settings.get("BROWSER_EXECUTABLE") or ""),
        "args": list(FLAGS),
        "chromium_sandbox": not is_root,  # Chromium's sandbox refuses to work for root
        "proxy": {"server": proxy.address, "username": USER, "password": proxy.password},
    }


async def _settle(page: Any) -> None:
    """Waits until the page asks for nothing more; one that never rests is taken as it is."""
    from playwright.async_api import TimeoutError as PlaywrightTimeout

    with suppress(PlaywrightTimeout):
        await page.wait_for_load_state("networkidle", timeout=_SETTLE_SECONDS * 1000)


async def _close_pages(pages: list[Any]) -> None:
    """A page that hangs must give its place back."""
    for page in pages:
        with suppress(Exception):
            await asyncio.wait_for(page.close(), _CLOSE_SECONDS)

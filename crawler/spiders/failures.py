"""What went wrong with a request, in words for people."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)

from crawler.items import SkipReason

_TOO_LARGE, _CIRCLES = "exceeded DOWNLOAD_MAXSIZE", "max redirections reached"


class AddressRefused(IgnoreRequest):
    """The guard does not let this URL be fetched; the message says why."""


class OffSite(IgnoreRequest):
    """The URL, or where it redirects to, belongs to another site."""


class RobotsUnavailable(IgnoreRequest):
    """robots.txt cannot be had for now, and until then nothing may be fetched (RFC 9309)."""


def sentence(error: BaseException) -> str:
    """One phrase, without addresses of objects or line breaks."""
    text = " ".join(str(error).split())
    if isinstance(error, CannotResolveHostError):
        return "the host name is not known"
    if isinstance(error, DownloadConnectionRefusedError):
        return "the connection was refused"
    if isinstance(error, DownloadTimeoutError):
        return "no answer in time"
    if isinstance(error, DownloadCancelledError):
        return "the answer is larger than DOWNLOAD_MAXSIZE"
    if isinstance(error, IgnoreRequest) and _TOO_LARGE in text:
        return "the answer, unpacked, is larger than DOWNLOAD_MAXSIZE"
    if isinstance(error, IgnoreRequest) and text == _CIRCLES:
        return "it redirects again and again"
    if "certificate" in text.lower() or "SSL" in text:
        return f"the certificate cannot be verified ({text[:120]})"
    return (text or type(error).__name__)[:200]


def skip_reason(error: BaseException) -> SkipReason | None:
    """The reason for good, where trying again would not help; None for what may pass."""
    if isinstance(error, OffSite):
        return SkipReason.OFF_SITE
    if isinstance(error, DownloadCancelledError):
        return SkipReason.TOO_LARGE
    if isinstance(error, RobotsUnavailable):
        return None
    if isinstance(error, IgnoreRequest):
        return _ignored(str(error))
    return None


def _ignored(said: str) -> SkipReason:
    """Scrapy's middlewares tell their refusals apart by their texts only."""
    if _TOO_LARGE in said:
        return SkipReason.TOO_LARGE
    if said == _CIRCLES:
        return SkipReason.NOT_FOUND
    return SkipReason.ROBOTS if "robots" in said else SkipReason.BLOCKED

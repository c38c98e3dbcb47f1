"""A site that tries everything on its reader: other addresses, bombs, drips, and texts that want to be code."""

from __future__ import annotations

import time
import zlib
from html import escape
from typing import Any

from little_web import Answer, LittleWeb, page
from tales import BEES, LIBRARY, Tale

ESCAPES = "\x1b[31mRED\x1b[0m \x1b]0;owned\x07 \x9b31m \u202eevil\u202c"
SCRIPT = '<script>alert("x")</script>'
INSIDE = "inside.test"
"""A host of the same server that stands for an internal service: nothing may ever be asked of it."""


def article(tale: Tale, title: str = "", extra: str = "", head: str = "") -> str:
    body = "".join(f"<p>{escape(one)}</p>" for one in tale.paragraphs)
    return (
        f'<html lang="{tale.language}"><head><meta charset="utf-8"><title>{escape(title or tale.title)}</title>'
        f'<meta property="og:type" content="article">{head}</head><body><article><h1>{escape(title or tale.title)}</h1>'
        f"{body}{extra}</article></body></html>"
    )


def bomb(size: int) -> bytes:
    """A gzip body that unfolds to `size` zeros."""
    packer = zlib.compressobj(9, wbits=31)
    chunk = b" " * (1 << 20)
    return b"".join([*(packer.compress(chunk) for _ in range(size >> 20)), packer.flush()])


def drip(out: Any) -> None:
    for _ in range(600):
        out.write(b"<p>")
        out.flush()
        time.sleep(0.2)


def build(web: LittleWeb, host: str = "villain.test") -> None:
    """The front page lists everything; robots.txt is absent."""
    inner = f"http://127.0.0.1:{web.port}"
    site: dict[str, Answer] = {
        "/2026/05/honest-story.html": page(article(LIBRARY)),
        "/2026/05/script-in-title.html": page(
            article(
                BEES,
                title=f"Bees {SCRIPT} {ESCAPES}",
                extra=f"<p>{escape(SCRIPT)} said the {escape('<b>')} sign, "
                "and nobody in the whole of Harrowmere could explain what was meant by it.</p>"
                f"<p>Source: <b>{escape(SCRIPT)} Times{ESCAPES}</b></p>",
                head=f'<meta name="author" content="=cmd|&#39; /C calc&#39;!A0"><meta property="og:site_name" '
                f'content="{escape(SCRIPT, quote=True)}">',
            )
        ),
        "/2026/05/formula-as-title.html": page(article(LIBRARY, title='=HYPERLINK("http://evil.test","click")')),
        "/2026/05/redirect-inside.html": Answer(b"", 302, {"Location": f"{inner}/secret"}),
        "/2026/05/redirect-decimal.html": Answer(b"", 302, {"Location": f"http://2130706433:{web.port}/secret"}),
        "/2026/05/redirect-octal.html": Answer(b"", 302, {"Location": f"http://0177.0.0.1:{web.port}/secret"}),
        "/2026/05/redirect-short.html": Answer(b"", 302, {"Location": f"http://127.1:{web.port}/secret"}),
        "/2026/05/redirect-mapped.html": Answer(b"", 302, {"Location": f"http://[::ffff:127.0.0.1]:{web.port}/secret"}),
        "/2026/05/redirect-wide.html": Answer(
            b"", 302, {"Location": f"http://%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1:{web.port}/secret"}
        ),
        "/2026/05/redirect-file.html": Answer(b"", 302, {"Location": "file:///etc/passwd"}),
        "/2026/05/redirect-data.html": Answer(b"", 302, {"Location": "data:text/html,<p>hello"}),
        "/2026/05/redirect-loop.html": Answer(b"", 302, {"Location": "/2026/05/redirect-loop.html"}),
        "/2026/05/meta-refresh.html": page(
            f'<html><head><meta http-equiv="refresh" content="0;url={inner}/secret"></head></html>'
        ),
        "/2026/05/huge-body.html": page("<html><body><article>" + "<p>word and more words</p>" * 460_000),
        "/2026/05/gzip-bomb.html": Answer(
            bomb(300 << 20), 200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}
        ),
        "/2026/05/brotli-bomb.html": Answer(
            _brotli_bomb(), 200, {"Content-Type": "text/html", "Content-Encoding": "br"}
        ),
        "/2026/05/nested-divs.html": page("<html><body>" + "<div>" * 200_000 + article(BEES)),
        "/2026/05/drip.html": Answer(b"", 200, {"Content-Type": "text/html"}, stream=drip),
        "/2026/05/lying-type.html": Answer(b"\x89PNG\r\n\x1a\n" + bytes(5000), 200, {"Content-Type": "text/html"}),
        "/2026/05/bad-headers.html": Answer(
            article(LIBRARY).encode(),
            200,
            {"Content-Type": "text/html; charset=\xff\xfe", "Last-Modified": "yesterday", "ETag": "\x01"},
        ),
    }
    links = "".join(
        f'<li><a href="{path}">What is told of the {path[9:-5]} in the town of Harrowmere</a></li>' for path in site
    )
    odd = [
        f"{inner}/secret",
        "file:///etc/passwd",
        "data:text/html,hi",
        "javascript:alert(1)",
        "ftp://x.test/",
        "http://169.254.169.254/latest/meta-data/",
        f"http://{INSIDE}.villain.test/",
        "gopher://x/",
        "//[",
        "http://[::1]/",
    ]
    links += "".join(f'<li><a href="{escape(url)}">An odd link to somewhere else</a></li>' for url in odd)
    site["/"] = page(f"<html><head><title>Villain</title></head><body><ul>{links}</ul></body></html>")
    web.hosts[host] = site
    secret = {"/secret": page(article(LIBRARY, title="SECRET")), "/": page("SECRET")}
    for name in ("127.0.0.1", "2130706433", "0177.0.0.1", "127.1", "[", INSIDE, "localhost"):
        web.hosts[name] = secret


def _brotli_bomb() -> bytes:
    import brotli

    packer = brotli.Compressor(quality=5)
    chunk = b" " * (1 << 20)
    return b"".join([*(packer.process(chunk) for _ in range(200)), packer.finish()])

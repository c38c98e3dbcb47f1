"""A site of pages of about 66 KB, served from memory in a process of its own.

    python -m tests.benchmarks.crawl_pages PAGES PORT_FILE

Each page is an article in what a news site puts round it: menus, styles, scripts, lists of other headlines, comments.
/robots.txt names /sitemap.xml, which lists all; the front page shows the newest. The port is written to PORT_FILE.
"""

from __future__ import annotations

import random
import sys
import threading
from datetime import UTC, datetime, timedelta
from functools import cache
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from tests.benchmarks.archive_texts import Texts

BYTES = 66_000
_START = datetime(2026, 1, 5, 8, tzinfo=UTC)
_LISTED = 40


def path_of(number: int) -> str:
    return f"/2026/{number % 12 + 1:02}/story-{number}/"


class Site:
    """Pages by path."""

    def __init__(self, count: int) -> None:
        self.count, self.texts, self.chrome = count, Texts(), _chrome()

    def answer(self, path: str, host: str) -> tuple[int, str, bytes]:
        """Status, content type, body."""
        if path == "/robots.txt":
            return 200, "text/plain", f"User-agent: *\nAllow: /\nSitemap: http://{host}/sitemap.xml\n".encode()
        if path == "/sitemap.xml":
            return 200, "application/xml", self._sitemap(host).encode()
        if path == "/":
            return 200, "text/html; charset=utf-8", self._front().encode()
        number = path.removesuffix("/").rpartition("-")[2]
        if number.isdigit() and int(number) < self.count and path == path_of(int(number)):
            return 200, "text/html; charset=utf-8", self._page(int(number))
        return 404, "text/html", b"<html><body><h1>Not found</h1></body></html>"

    def _time(self, number: int) -> str:
        return (_START + timedelta(minutes=13 * number)).isoformat()

    def _sitemap(self, host: str) -> str:
        rows = "".join(
            f"<url><loc>http://{host}{path_of(n)}</loc><lastmod>{self._time(n)}</lastmod></url>"
            for n in range(self.count)
        )
        return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'

    def _front(self) -> str:
        rows = "".join(
            f'<article><h2><a href="{path_of(n)}">{escape(_headline(self._text(n)))}</a></h2></article>'
            for n in range(max(0, self.count - _LISTED), self.count)
        )
        return f"<!DOCTYPE html><html><head><title>Speedway Post</title></head><body><main>{rows}</main></body></html>"

    def _text(self, number: int) -> str:
        return self.texts.new(10**6 + number)

    def _page(self, number: int) -> bytes:
        text = self._text(number)
        body = "".join(f"<p>{escape(one)}</p>" for one in text.split("\n\n"))
        title = escape(_headline(text))
        top, bottom = self.chrome
        page = (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} - Speedway Post</title>'
            f'<meta property="og:title" content="{title}"><meta property="og:type" content="article">'
            f'<meta property="article:published_time" content="{self._time(number)}">'
            f'<meta name="author" content="P. Holm">{top}<main><article class="post">'
            f'<h1 class="entry-title">{title}</h1><div>By P. Holm '
            f'<time datetime="{self._time(number)}">today</time></div><div class="entry-content">{body}</div></article>'
            f"</main>{bottom}</body></html>"
        )
        return page.encode()


def _headline(text: str) -> str:
    return " ".join(text.split()[:8]).rstrip(".")


def _chrome() -> tuple[str, str]:
    """What stands before and behind the article: half styles and scripts, half markup, as on real pages."""
    dice = random.Random("chrome")

    def word() -> str:
        return "".join(dice.choices("abcdefghilmnoprstu", k=dice.randrange(3, 9)))

    def teaser(n: int) -> str:
        return (
            f'<li class="card card--{n % 4}"><a href="/tag/{word()}-{n}/" data-id="{n}"><img src="/i/{word()}.jpg" '
            f'alt="{word()} {word()}" width="320" height="180" loading="lazy"></a><h3><a href="/x/{n}/">'
            f"{' '.join(word() for _ in range(7)).capitalize()}</a></h3><span>{n % 59 + 1} min</span></li>"
        )

    style = "".join(f".{word()}-{n}{{margin:{n % 9}px;color:#{n % 999:03}abc}}" for n in range(260))
    script = "".join(f'window.q=window.q||[];q.push(["{word()}",{n},"{word()}{word()}"]);' for n in range(260))
    menu = "".join(f'<li><a href="/category/{word()}/">{word().capitalize()}</a></li>' for _ in range(60))
    top = f"<style>{style}</style><script>{script}</script></head><body><header><nav><ul>{menu}</ul></nav></header>"
    comments = "".join(
        f'<li class="comment"><b>{word()}</b><p>{" ".join(word() for _ in range(14))}.</p></li>' for _ in range(25)
    )
    room = BYTES - len(top) - len(comments) - 5_000
    teasers = []
    while sum(map(len, teasers)) < room:
        teasers.append(teaser(len(teasers)))
    bottom = (
        f'<aside class="related"><ul>{"".join(teasers)}</ul></aside><section id="comments"><ol>{comments}</ol>'
        "</section><footer><p>© Speedway Post</p></footer>"
    )
    return top, bottom


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        path = urlsplit(self.path).path or "/"  # whoever takes us for a proxy sends the whole address
        status, kind, body = (
            _Handler.site.answer(path, self.headers.get("Host", "")) if path.count("/") < 2 else _answers(path)
        )
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@cache
def _answers(path: str) -> tuple[int, str, bytes]:
    return _Handler.site.answer(path, "")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main(count: int, port_file: Path) -> None:
    _Handler.site = Site(count)
    server = _Server(("127.0.0.1", 0), _Handler)
    for number in range(count):  # made before anybody asks
        _answers(path_of(number))
    port_file.write_text(str(server.server_port))
    threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))

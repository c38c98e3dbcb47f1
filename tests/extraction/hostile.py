"""Pages made to hurt a reader: each a name, how to make its body, and the headers it comes with."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

PARAGRAPH = (
    "<p>The harbour board met on Tuesday to weigh the plan for a second pier, and heard eleven speakers, nine of whom "
    "were against it, before it put the matter off until the spring.</p>"
)
ARTICLE = PARAGRAPH * 1 + "".join(
    f"<p>Speaker number {n} said that the tide tables of the last {n + 10} years left no doubt about the silt.</p>"
    for n in range(1, 9)
)


@dataclass(frozen=True, slots=True)
class Hostile:
    name: str
    make: Callable[[], bytes]
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})


def page(inside: str, head: str = "<title>Board puts off the second pier</title>", attributes: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body {attributes}>{inside}</body></html>".encode()


def cases() -> Iterator[Hostile]:
    """All of them; a body is made when it is wanted, so that memory holds one."""
    yield from _sizes()
    yield from _markup()
    yield from _metadata()
    yield from _bytes()


def _sizes() -> Iterator[Hostile]:
    yield Hostile("21 MB of paragraphs", lambda: page(PARAGRAPH * 120_000))
    yield Hostile("10 MiB of one word", lambda: page("<p>" + "word " * 2_090_000 + "</p>"))
    yield Hostile("10 MiB without a blank", lambda: page("<p>" + "x" * 10_400_000 + "</p>"))
    yield Hostile("9 MB of paragraphs", lambda: page(f"<article>{PARAGRAPH * 45_000}</article>"))
    yield Hostile(
        "9 MB of distinct paragraphs", lambda: page("".join(f"<p>{n} {n * 7} {PARAGRAPH[3:]}" for n in range(42_000)))
    )
    yield Hostile("9 MB of script", lambda: page(f"<script>{'var a = 1 < 2;' * 640_000}</script>{ARTICLE}"))
    yield Hostile("9 MB of style", lambda: page(f"<style>{'p > a {color: red}' * 500_000}</style>{ARTICLE}"))
    yield Hostile("9 MB of comments", lambda: page("<!-- secret -->" * 600_000 + ARTICLE))
    yield Hostile(
        "an image of 8 MB as an attribute",
        lambda: page(f'<img src="data:image/png;base64,{"QUJD" * 2_000_000}">{ARTICLE}'),
    )
    yield Hostile("200,000 line breaks", lambda: page("line<br>" * 200_000))
    yield Hostile("200,000 bare line breaks", lambda: page("<br>" * 200_000 + ARTICLE))
    yield Hostile(
        "50,000 links",
        lambda: page("".join(f"<a href='/story/{n}'>A headline of story number {n}</a> " for n in range(50_000))),
    )
    yield Hostile(
        "5,900 links in paragraphs",
        lambda: page("".join(f"<p><a href='/s/{n}'>Headline of story {n}</a></p>" for n in range(5_900))),
    )
    yield Hostile(
        "100,000 date paragraphs",
        lambda: page("".join(f"<p>{n % 28 + 1} March 20{n % 26:02}</p>" for n in range(100_000))),
    )
    yield Hostile(
        "14,500 date paragraphs",
        lambda: page("".join(f"<p>{n % 28 + 1} March 20{n % 26:02}</p>" for n in range(14_500))),
    )
    yield Hostile("29,000 spans", lambda: page("<p>" + "<span>a </span>" * 28_900 + "</p>"))
    yield Hostile(
        "a table of 25,000 cells", lambda: page("<table>" + ("<tr>" + "<td>1</td>" * 50 + "</tr>") * 500 + "</table>")
    )
    yield Hostile(
        "a list of 25,000 items",
        lambda: page("<ul>" + "".join(f"<li>Item {n} of the list</li>" for n in range(25_000)) + "</ul>"),
    )


def _markup() -> Iterator[Hostile]:
    yield Hostile(
        "100,000 attributes on one tag",
        lambda: page(f"<div {' '.join(f'a{n}=1' for n in range(100_000))}>{ARTICLE}</div>"),
    )
    yield Hostile(
        "100,000 quoted attributes with brackets",
        lambda: page("<div " + " ".join(f'a{n}=">"' for n in range(100_000)) + ">"),
    )
    yield Hostile(
        "500,000 attributes all over",
        lambda: page("".join(f"<p {' '.join(f'b{k}=2' for k in range(25))}>x</p>" for _ in range(20_000))),
    )
    yield Hostile("300,000 nested divs", lambda: page("<div>" * 300_000 + ARTICLE))
    yield Hostile("300,000 nested spans", lambda: page("<p>" + "<span>" * 300_000 + "deep"))
    yield Hostile("390 nested divs", lambda: page("<div>" * 380 + ARTICLE + "</div>" * 380))
    yield Hostile("20,000 unclosed bold and italic", lambda: page("<p><b><i><font size=2>word " * 20_000))
    yield Hostile("nested tables", lambda: page("<table><tr><td>" * 350 + ARTICLE))
    yield Hostile("nested lists", lambda: page("<ul><li>" * 190 + ARTICLE))
    yield Hostile(
        "unclosed tags",
        lambda: b"<html><body><div><article><p>" + ARTICLE.encode().replace(b"</p>", b"") + b"<div <p <a href=",
    )
    yield Hostile("200,000 brackets", lambda: page("<" * 200_000))
    yield Hostile("half a million closing tags", lambda: page("</div>" * 500_000 + ARTICLE))
    yield Hostile("ten thousand bodies", lambda: page("<body><html>" * 10_000 + ARTICLE))
    yield Hostile("forms in forms", lambda: page("<form><input>" * 5_000 + ARTICLE))
    yield Hostile("frames", lambda: b"<html><frameset>" + b"<frame src=x>" * 20_000 + b"</frameset></html>")
    yield Hostile("classes of 1 MB", lambda: page(f'<div class="{"post content entry " * 55_000}">{ARTICLE}</div>'))
    yield Hostile(
        "one id 14,000 times", lambda: page("".join(f'<p id="same">Paragraph {n}.</p>' for n in range(14_000)))
    )
    yield Hostile("entities without end", lambda: page("<p>" + "&amp;lt;" * 400_000 + "&#" * 100_000 + "</p>"))


def _metadata() -> Iterator[Hostile]:
    def ld(text: str) -> str:
        return f'<script type="application/ld+json">{text}</script>'

    yield Hostile("deeply nested JSON-LD", lambda: page(ARTICLE, ld("[" * 90_000 + "]" * 90_000)))
    yield Hostile(
        "broken JSON-LD of 190 KB", lambda: page(ARTICLE, ld('{"@type":"NewsArticle","headline":"' + 'a\\"' * 63_000))
    )
    yield Hostile("10,000 JSON-LD blocks", lambda: page(ARTICLE, ld('{"@type":"Article","headline":"x"}') * 10_000))
    yield Hostile(
        "100,000 names of authors",
        lambda: page(ARTICLE, ld('{"@type":"Article","author":[' + ",".join(['"A B"'] * 30_000) + "]}")),
    )
    yield Hostile(
        "JSON-LD of wrong types",
        lambda: page(
            ARTICLE,
            ld(
                '{"@type":{"a":1},"headline":[[{}]],"author":{"name":{"name":7}},"datePublished":[null],"image":{"url":3},"publisher":[],"mainEntityOfPage":false,"keywords":{"a":2}}'
            ),
        ),
    )
    yield Hostile(
        "absurd dates",
        lambda: page(
            ARTICLE,
            "".join(
                f'<meta property="article:published_time" content="{d}">'
                for d in (
                    "9999-99-99",
                    "0000-01-01T00:00:00Z",
                    "2026-02-30",
                    "1e999",
                    "-1",
                    "99999999999999999999",
                    "2026-01-01T25:61:61+99:99",
                    "١٢/٣/٢٠٢٦",
                )
            ),
        ),
    )
    yield Hostile(
        "20,000 meta elements",
        lambda: page(ARTICLE, "".join(f'<meta name="k{n}" content="published {n}">' for n in range(20_000))),
    )
    yield Hostile("a title of 2 MB", lambda: page(ARTICLE, f"<title>{'Board | puts - off « ' * 100_000}</title>"))
    yield Hostile("100,000 keywords", lambda: page(ARTICLE, f'<meta name="keywords" content="{"pier, " * 100_000}">'))
    yield Hostile(
        "addresses that are none",
        lambda: page(
            ARTICLE + "<a href='http://[::1'>x y z a b c d</a><a href='//'>y</a><img src='http://:99999/'>",
            "<base href='http://['><link rel=canonical href='http://[bad'><meta property='og:url' content='https://'>",
        ),
    )


def _bytes() -> Iterator[Hostile]:
    dice = random.Random(7)
    text = ARTICLE.encode()
    yield Hostile("nothing", lambda: b"")
    yield Hostile("blanks", lambda: b" \n\t" * 5000)
    yield Hostile("NULs between letters", lambda: page(ARTICLE).replace(b"e", b"e\x00"))
    yield Hostile("half a megabyte of NULs", lambda: b"\x00" * 500_000)
    yield Hostile("random bytes called HTML", lambda: dice.randbytes(400_000))
    yield Hostile("a PNG called HTML", lambda: b"\x89PNG\r\n\x1a\n" + dice.randbytes(50_000))
    yield Hostile("a PDF called HTML", lambda: b"%PDF-1.7\n" + dice.randbytes(50_000))
    yield Hostile("a zlib stream called HTML", lambda: zlib.compress(page(ARTICLE) * 2000))
    yield Hostile("JSON called HTML", lambda: b'{"posts": [' + b'{"id": 1},' * 20_000 + b"{}]}")
    yield Hostile("a PDF that says so", lambda: b"%PDF-1.7", {"content-type": "application/pdf"})
    yield Hostile(
        "control references",
        lambda: page(
            "".join(f"<p>Bell &#{n}; and &#x{n:x}; rings for the {n}th time tonight.</p>" for n in range(32))
            + "<p>&#xFFFF;&#xFFFE;&#xD800;&#1114112;&#x7F;</p>"
            + ARTICLE
        ),
    )
    yield Hostile(
        "a wrong charset in the header",
        lambda: page(ARTICLE + "<p>Ærø, Łódź, naïve</p>"),
        {"content-type": "text/html; charset=utf-16"},
    )
    yield Hostile("an unknown charset", lambda: page(ARTICLE), {"content-type": "text/html; charset=klingon-8"})
    yield Hostile(
        "UTF-8 with every tenth byte broken", lambda: bytes(0xFF if n % 10 == 9 else b for n, b in enumerate(text))
    )
    yield Hostile("surrogates and lone halves", lambda: page(ARTICLE).replace(b"pier", b"\xed\xa0\x80pier\xed\xbf\xbf"))
    yield Hostile("right-to-left overrides", lambda: page(ARTICLE.replace("pier", "\u202epier\u202c\u200b\u2066")))
    yield Hostile("a combining tower", lambda: page("<p>" + ("a" + "\u0301" * 1000) * 300 + "</p>" + ARTICLE))
    yield Hostile(
        "an XML bomb",
        lambda: (
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
            + b"".join(b'<!ENTITY c%d "&b;&b;&b;&b;&b;&b;&b;&b;">' % n for n in range(50))
            + b"]><html><body><p>&c9;</p></body></html>"
        ),
    )
    yield Hostile(
        "an external entity",
        lambda: (
            b'<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/passwd">]><html><body><p>&e; '
            + text
            + b"</p></body></html>"
        ),
    )

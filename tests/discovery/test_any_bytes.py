"""Whatever a site sends, discovery answers: nothing raises, everything that comes out is small and well-formed."""

from __future__ import annotations

import gzip
import json
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import discovery
from crawler.discovery import METHODS
from crawler.discovery.base import Fetched, Visit
from crawler.discovery.markup import decoded, moment, parse_html, parse_xml, plain
from crawler.discovery.urls import normalise, same_site

SITE = "http://any.example/"
URLS = {
    "wordpress": SITE + "wp-json/wp/v2/posts?per_page=100&orderby=id&order=desc",
    "blogger": SITE + "feeds/posts/default?alt=json&start-index=1&max-results=150",
    "sitemap": SITE + "sitemap.xml",
    "feed": SITE + "feed/",
    "listing": SITE,
}
CURSORS = {
    "wordpress": {
        "api": SITE + "wp-json/",
        "ids": "5,5,5",
        "census": {"at": {"page": 1, "interval": [1, 1, 0, 99, 1, 0]}},
    },
    "blogger": {"feed": SITE + "feeds/posts/default", "ids": "5,5"},
    "sitemap": {"roots": {SITE + "sitemap.xml": {}}},
    "feed": {"urls": {SITE + "feed/": {}}},
    "listing": {"front": SITE},
}
PIECES = st.sampled_from(
    [
        *(
            b"<rss>",
            b"<channel>",
            b"<item>",
            b"</item>",
            b"<link>",
            b"http://any.example/a-b-c",
            b"</link>",
            b"<title>",
        ),
        *(b"<feed>", b"<entry>", b"<link href='/x-y-z'/>", b"<urlset>", b"<url>", b"<loc>", b"</loc>", b"</url>", b"&"),
        *(
            b"<sitemapindex>",
            b"<sitemap>",
            b"<lastmod>2026-13-45T99:99",
            b"<!DOCTYPE x [<!ENTITY a 'b'>",
            b"]>",
            b"&a;",
        ),
        *(b"[{", b'"id":', b"7", b"1e999", b'"link":', b'"http://any.example/p"', b"}]", b"{", b"}", b",", b'"feed":'),
        *(
            b"<html>",
            b"<a href='/a-b-c-d'>",
            b"</a>",
            b"<h2>",
            b"<base href='http://[/'>",
            b"<![CDATA[",
            b"]]>",
            b"[",
            b"<?xml",
        ),
        *(
            b"<script type='application/ld+json'>",
            b'{"itemListElement":',
            b'"entry":',
            b"\x00",
            b"\xff\xfe",
            b"\x1f\x8b",
            b"\n",
        ),
        *(b"null", b"<a rel=next href='?page=2'>", b"&#xD800;"),
    ]
)
BODIES = st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=30).map(b"".join))
TEXTS = st.text(max_size=20)
HEADERS = st.fixed_dictionaries(
    {}, optional={"content-type": TEXTS, "x-wp-total": TEXTS, "x-wp-totalpages": st.sampled_from("0129")}
)


@settings(max_examples=150)
@given(BODIES, HEADERS, st.sampled_from([200, 200, 200, 404, 401, 400, 304, 500]), st.booleans())
@pytest.mark.parametrize("method", list(METHODS))
def test_no_bytes_make_a_method_fail(
    method: str, body: bytes, headers: dict[str, str], status: int, first: bool
) -> None:
    for sent in (body, gzip.compress(body)):
        found = discovery.read(
            method, Fetched(URLS[method], status, headers, sent), Visit(SITE, CURSORS[method], first=first)
        )
        for link in (*found.articles, *found.more):
            assert link.url == normalise(link.url) != ""
            assert same_site(link.url, SITE)
            assert len(link.title) <= 500
            assert link.published is None or link.published.tzinfo
        assert not found.gone_keys
        assert json.loads(json.dumps(found.cursor)) == found.cursor
        pickle.dumps(found)


@settings(max_examples=150)
@given(BODIES, BODIES, st.text(max_size=60))
def test_no_bytes_make_recognition_fail(body: bytes, robots: bytes, link: str) -> None:
    front = Fetched(SITE, 200, {"link": link, "content-type": "text/html; charset=" + link}, body)
    profile = discovery.recognise(front, Fetched(SITE + "robots.txt", 200, {}, robots))
    assert json.loads(json.dumps(profile)) == profile
    discovery.recognise(front, None, profile)


@given(st.one_of(st.text(max_size=60), st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d[+-]\d\d:\d\d", fullmatch=True)))
def test_moments(text: str) -> None:
    found = moment(text)
    assert found is None or (found.tzinfo is not None and 1969 <= found.year <= 2101)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Thu, 19 Nov 2026 08:30:00 GMT", "2026-11-19T08:30:00+00:00"),
        ("19 Nov 2026 08:30 +0330", "2026-11-19T08:30:00+03:30"),
        ("2026-11-19T08:30:00.123456789Z", "2026-11-19T08:30:00+00:00"),
        ("2026-11-19 08:30", "2026-11-19T08:30:00+00:00"),
        ("2026-11-19T08:30:00-0800", "2026-11-19T08:30:00-08:00"),
        ("2026-11", "2026-11-01T00:00:00+00:00"),
        ("2026-11-19T08:30:60+01", "2026-11-19T08:30:59+01:00"),
        ("0000-00-00 00:00:00", None),
        ("yesterday", None),
        ("Mon, 01 Jan 1601 00:00:00 GMT", None),
        ("", None),
    ],
)
def test_usual_and_unusual_dates(text: str, iso: str | None) -> None:
    found = moment(text)
    assert (found.isoformat() if found else None) == iso


@given(st.text(max_size=100))
def test_titles_are_one_bounded_line(text: str) -> None:
    assert "\n" not in plain(text)
    assert plain(text * 50).isprintable()


def test_entities_are_neither_expanded_nor_fetched() -> None:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    body = (
        f'<!DOCTYPE rss [<!ENTITY a0 "boom">{lines}<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><t>&a11;&x;</t></rss>'
    )
    root = parse_xml(body.encode())
    assert root is not None
    assert len("".join(str(part) for part in root.itertext())) < 50


def test_depth_is_bounded() -> None:
    assert parse_xml(b"<a>" * 100_000) is None or True
    assert parse_html(b"<div>" * 100_000) is not None


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("é".encode(), "é"),
        ("é".encode("latin-1"), "é"),
        (b"\xef\xbb\xbfx", "x"),
        ("é".encode("utf-16"), "é"),
        ('<?xml version="1.0" encoding="koi8-r"?>Мир'.encode("koi8-r"), '<?xml version="1.0" encoding="koi8-r"?>Мир'),
        (b"\x81", "\ufffd"),
    ],
)
def test_decoding(body: bytes, text: str) -> None:
    assert decoded(body) == text

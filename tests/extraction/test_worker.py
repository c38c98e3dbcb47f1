from __future__ import annotations

import pickle
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from crawler.dedup import Sketch
from crawler.discovery.base import Link
from crawler.extraction import Known, Noise, extract, text_hash
from crawler.extraction.worker import read
from crawler.items import Article, Skip
from tests.extraction import looks

URL = "https://hourly-relay.example/sea-wall/"


def test_a_reading_is_small_and_whole():
    reading = read(
        URL,
        looks.wordpress(),
        {},
        Known(
            site="Hourly Relay", hints=Link(URL), noise=Noise().brief(), fetched_at=datetime(2026, 11, 1, tzinfo=UTC)
        ),
    )
    assert isinstance(reading.outcome, Article)
    assert reading.outcome.site == "Hourly Relay"
    assert reading.outcome.fetched_at == datetime(2026, 11, 1, tzinfo=UTC)
    assert reading.text_hash == text_hash(reading.outcome.text)
    assert reading.sketch is not None
    assert Sketch.from_bytes(reading.sketch).length > 0
    assert reading.theme == "relaymag"
    assert reading.suffix == "Hourly Relay"
    assert pickle.loads(pickle.dumps(reading)).outcome == reading.outcome
    assert len(pickle.dumps(reading)) < len(looks.wordpress()) + 8000


def test_a_skip_has_no_sketch():
    reading = read(URL, b"")
    assert isinstance(reading.outcome, Skip)
    assert reading.sketch is None
    assert reading.text_hash is None


def test_robots_are_reported_not_obeyed():
    html = looks.wordpress().replace(b"<head>", b'<head><meta name="robots" content="NOINDEX, noarchive">')
    reading = read(URL, html)
    assert isinstance(reading.outcome, Article)
    assert (reading.noindex, reading.noarchive) == (True, True)
    assert read(URL, looks.wordpress(), {"X-Robots-Tag": "none"}).noindex
    assert not read(URL, looks.wordpress()).noindex


def test_a_sites_pages_teach_its_noise():
    noise = Noise()
    for n in range(4):
        body = "".join(f"<p>{n} {piece}</p>" for piece in looks.STORY) + "<p>Zum Anfang der Seite springen</p>"
        reading = read(
            f"{URL}{n}",
            f"<html><head><title>Wall {n}</title></head><body><article>{body}</article></body></html>".encode(),
        )
        noise.observe(reading.seen, theme=reading.theme, suffix=reading.suffix)
    body = "".join(f"<p>{piece}</p>" for piece in looks.STORY) + "<p>Zum Anfang der Seite springen</p>"
    html = f"<html><head><title>Wall</title></head><body><article>{body}</article></body></html>".encode()
    before, after = extract(URL, html), extract(URL, html, noise=noise.brief())
    assert isinstance(before, Article)
    assert isinstance(after, Article)
    assert before.text.endswith("springen")
    assert after.text == "\n\n".join(looks.STORY)
    assert [clue.kind for clue in after.clues if "springen" in clue.quote] == ["site_noise"]


@given(
    st.binary(max_size=2000),
    st.dictionaries(st.sampled_from(["Content-Type", "Link", "X-Robots-Tag"]), st.text(max_size=60)),
)
def test_reading_never_raises(body, headers):
    assert isinstance(read(URL, body, headers).outcome, Article | Skip)


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div class='post'>",
                "<a href='/x'>",
                "</a>",
                "<table><tr><td>",
                "<h1>",
                "<!--",
                "<script>",
                "Words that make a sentence. ",
                "&#0;",
                "<title>",
                "<img alt='",
                "'>",
            ]
        ),
        max_size=60,
    )
)
def test_reading_scraps_never_raises(scraps):
    assert isinstance(read(URL, "".join(scraps).encode()).outcome, Article | Skip)

"""What of a page's markup becomes the lines of its body."""

from __future__ import annotations

import pytest

from crawler.extraction import extract
from crawler.items import Article

STORY = (
    "The lamp of the northern light was sold on Monday to a man who has no boat and has never seen the sea.",
    "He means to read by it, he told the harbour office, because the print of newspapers has become so small.",
    "The office answered that the lamp weighs two tons, and that the bid of a school in the hills had been higher.",
    "Nobody has asked the keeper, who still climbs the tower at dusk and carries a candle for the sake of order.",
)
STORY += tuple(
    f"{one[:-1]}, or so the paper of the island of {place} has it in print."
    for place in ("Vell", "Ormen")
    for one in STORY
)
EXTRA = "The register of all lamps that were sold since the war lies open in the customs house, and few come to see it."


def text_of(body: str) -> str:
    page = f"<html><head><title>Lamp sold</title></head><body><article>{body}</article></body></html>"
    outcome = extract("https://lamp.example/sold", page.encode(), {"Content-Type": "text/html; charset=utf-8"})
    assert isinstance(outcome, Article)
    return outcome.text


@pytest.mark.parametrize("extra", [f'<p><a href="/register">{EXTRA}</a></p>', f"<div>{EXTRA}</div>"])
def test_a_paragraph_that_is_a_link_or_a_bare_block_stays(extra):
    first, *rest = (f"<p>{one}</p>" for one in STORY)
    assert text_of(f"<div>{first}{extra}{''.join(rest)}</div>") == "\n\n".join([STORY[0], EXTRA, *STORY[1:]])


def blocks(first: str, *, between: str = "", style: str = "") -> str:
    """Paragraphs as Blogger's editors write them."""
    return between.join(f"<div{style}>{one}</div>" for one in (first, *STORY))


LINKED = f'<a href="https://customs.example/register">{EXTRA}</a>'
STOP_BEHIND = f'<a href="https://customs.example/register">{EXTRA[:-1]}</a>.'
PICTURE = '<div class="separator"><a href="/lamp.jpg"><img src="/lamp.jpg" width="640"/></a></div>'


@pytest.mark.parametrize("link", [LINKED, STOP_BEHIND])
@pytest.mark.parametrize(
    "made",
    [
        lambda link: blocks(link),
        lambda link: PICTURE + blocks(link, between="<div><br /></div>"),
        lambda link: blocks(link, style=' style="text-align: justify;"', between="<div>&nbsp;</div>"),
        lambda link: blocks(f'<span style="font-size: large;"><b>{link}</b></span>', between="<div><br/></div>"),
        lambda link: f"<p>{link}</p><p>&nbsp;</p>" + "<p>&nbsp;</p>".join(f"<p>{one}</p>" for one in STORY),
        lambda link: f"<div>{link}</div>" + "".join(f"<p>{one}</p>" for one in STORY),
        lambda link: f"{link}<br /><br />" + "<br /><br />".join(STORY),
    ],
)
def test_a_first_paragraph_that_is_a_link_stays_however_paragraphs_are_made(link, made):
    assert text_of(f"<div class='post-body entry-content'>{made(link)}</div>").startswith(f"{EXTRA}\n\n{STORY[0]}")


def test_teasers_of_whole_sentences_still_go():
    teased = "".join(f'<div class="teaser"><a href="/{n}">{EXTRA}</a></div><div>{STORY[n]}</div>' for n in range(3))
    assert EXTRA not in text_of(f"<div>{''.join(f'<p>{one}</p>' for one in STORY)}</div><div>{teased}</div>")


def test_headlines_that_are_links_still_go():
    teaser = '<p><a href="/other">Candle of the northern light to be sold next</a></p>'
    assert "Candle" not in text_of(f"<div>{''.join(f'<p>{one}</p>' for one in STORY)}{teaser}</div>")


def test_text_behind_a_block_stays_where_paragraphs_are_parted_by_breaks():
    first, second, *rest = STORY
    picture = "<p><img src='/lamp.jpg' width='640' alt=''/><br/><em>Archive picture</em></p>\n"
    body = (
        f"<div class='post-body'>{first}<br><br>{second}<br><br>{picture}{EXTRA}<br><br>{'<br><br>'.join(rest)}</div>"
    )
    assert EXTRA in text_of(body)
    assert all(one in text_of(body) for one in STORY)

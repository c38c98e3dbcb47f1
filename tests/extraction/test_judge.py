# ruff: noqa: E501  pages and tables of cases read better unbroken
"""What is no article is skipped with its reason, and what is one stays, however short."""

from __future__ import annotations

import pytest

from crawler.extraction import extract
from crawler.items import Article, Skip, SkipReason
from tests.extraction.looks import STORY

URL = "https://eastern-ledger.example/some/page"


def page(title: str, body: str, head: str = "", classes: str = "") -> bytes:
    return f'<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body class="{classes}">{body}</body></html>'.encode()


TEASERS = "".join(
    f"<article class='post hentry'><h2><a href='/s/{n}'>Headline of story number {n}</a></h2><p>The beginning of story number {n}, which goes on for a while and then […]</p></article>"
    for n in range(9)
)
NAV = "<nav><a href='/'>Front</a><a href='/coast'>Coast</a></nav>"

SKIPPED = [
    ("a missing page", page("Page not found | Eastern Ledger", f"{NAV}<h1>404</h1><p>The page you are looking for is gone.</p>"), SkipReason.SOFT_404),
    ("a missing page with stories", page("Page not found – Eastern Ledger", f"<h1>Oops! That page can’t be found.</h1>{TEASERS}"), SkipReason.SOFT_404),
    ("a missing page in German", page("Seite nicht gefunden", "<p>Diese Seite gibt es nicht mehr.</p>"), SkipReason.SOFT_404),
    ("a missing page in Russian", page("Страница не найдена", "<p>Попробуйте поиск.</p>"), SkipReason.SOFT_404),
    ("a theme's missing page", page("Eastern Ledger", f"<p>Nothing to see.</p>{TEASERS}", classes="error404"), SkipReason.SOFT_404),
    ("a challenge", page("Just a moment...", "<h1>Checking your browser before you access eastern-ledger.example</h1><p>Enable JavaScript and cookies to continue</p>"), SkipReason.CAPTCHA),
    ("a challenge by its markup", page("eastern-ledger.example", "<div id='x'></div>", "<script src='/cdn-cgi/challenge-platform/h/b.js'></script>"), SkipReason.CAPTCHA),
    ("a captcha", page("Security check", "<p>Please complete the captcha to prove that you are not a robot.</p>"), SkipReason.CAPTCHA),
    ("a block", page("Access denied", "<p>You don't have permission to access this page. Reference #18.2ac.</p>"), SkipReason.BLOCKED),
    ("a block by country", page("Eastern Ledger", "<p>This content is not available in your country.</p>"), SkipReason.BLOCKED),
    ("a consent wall", page("Before you continue", "<p>We care about your privacy. We and our 812 partners store cookies on your device.</p><button>Accept all</button>"), SkipReason.CONSENT_WALL),
    ("a long consent wall", page("Eastern Ledger", "<h1>We value your privacy</h1>" + "".join(f"<p>With your consent our partners may store cookies and personal data for purpose number {n}, such as measuring what you read.</p>" for n in range(9))), SkipReason.CONSENT_WALL),
    ("a German consent wall", page("Zustimmung", "<p>Mit Werbung weiterlesen. Zustimmen und weiter mit Cookies von Partnern.</p>"), SkipReason.CONSENT_WALL),
    ("a pay wall", page("The wall and the town", f"<h1>The wall and the town</h1><p>{STORY[0]}</p><p>Subscribe to continue reading.</p>"), SkipReason.PAYWALL),
    ("a declared pay wall", page("The wall and the town", f"<article><p>{STORY[0]}</p></article>", '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x","isAccessibleForFree":false}</script>'), SkipReason.PAYWALL),
    ("a missing page with whole teasers", page("Page not found", "<h1>Page not found</h1>" + "".join(f"<article><h2><a href='/s/{n}'>Headline of story number {n}</a></h2><p>{n} {STORY[n % 5]}</p></article>" for n in range(9))), SkipReason.SOFT_404),
    ("a missing page that explains itself", page("Error 404 - Eastern Ledger", "<h1>Nothing here</h1><p>We could not find the page that you asked for. It may have moved when the paper changed its system, or it may never have been here at all.</p><p>Try the search above, or write to the editors, who answer within two days and know where most things are.</p>"), SkipReason.SOFT_404),
    ("a block that explains itself", page("Attention Required!", "<h1>Sorry, you have been blocked</h1><p>This website is using a security service to protect itself from online attacks. The action you just performed triggered the security solution.</p><p>You can email the site owner to let them know you were blocked, with what you were doing when this page came up. Ray ID: 8f21.</p>"), SkipReason.CAPTCHA),
    ("a shell", page("Eastern Ledger", "<div id='root'></div><script src='/app.js'></script>"), SkipReason.NEEDS_BROWSER),
    ("a shell with noscript", page("Eastern Ledger", "<noscript>You need to enable JavaScript to run this app.</noscript><div id='spa'></div>"), SkipReason.NEEDS_BROWSER),
    ("an Angular shell", page("Eastern Ledger", "<app-root></app-root><script src='/main.js'></script>"), SkipReason.NEEDS_BROWSER),
    ("a fresh WordPress post", page("Hello world! – Eastern Ledger", "<article><h1>Hello world!</h1><p>Welcome to WordPress. This is your first post. Edit or delete it, then start writing!</p></article>"), SkipReason.NOT_ARTICLE),
    ("a fresh WordPress page", page("Sample Page", f"<h1>Sample Page</h1><p>This is an example page. It’s different from a blog post because it will stay in one place. {STORY[1]}</p>"), SkipReason.NOT_ARTICLE),
    ("a tag archive", page("sea Archives", TEASERS, classes="archive tag tag-sea"), SkipReason.NOT_ARTICLE),
    ("a category by its address", page("Coast", TEASERS), SkipReason.NOT_ARTICLE),
    ("a front page for any address", page("Eastern Ledger", TEASERS, '<link rel="canonical" href="https://eastern-ledger.example/">'), SkipReason.NOT_ARTICLE),
    ("too little", page("Fog", "<article><h1>Fog</h1><p>There was fog on the harbour this morning.</p></article>"), SkipReason.TOO_SHORT),
    ("menus alone", page("Ledger", "".join(f"<p>Item {n} of a menu</p>" for n in range(30))), SkipReason.TOO_SHORT),
    ("nothing but a frame", page("Ledger", ""), SkipReason.EMPTY),
]  # fmt: skip


@pytest.mark.parametrize(("name", "html", "reason"), SKIPPED, ids=[case[0] for case in SKIPPED])
def test_skipped(name, html, reason):
    url = "https://eastern-ledger.example/category/coast/" if "category" in name else URL
    came = extract(url, html)
    assert isinstance(came, Skip)
    assert came.reason is reason, came


def test_a_challenge_by_its_header():
    came = extract(URL, page("x", f"<p>{STORY[0]}</p>" * 3), {"cf-mitigated": "challenge"})
    assert isinstance(came, Skip)
    assert came.reason is SkipReason.CAPTCHA


KEPT = [
    ("a brief", "Fog closes the harbour", [STORY[0], STORY[1]]),
    (
        "about a missing hiker",
        "Missing hiker not found after three days",
        [STORY[0] + " The hiker was not found.", STORY[1]],
    ),
    (
        "about a captcha",
        "The man who invented the captcha regrets it",
        ["A captcha asks whether you are human. " + piece for piece in STORY[:3]],
    ),
    ("about a ban", "Access denied: how fishermen lost their beach", list(STORY[:3])),
    (
        "about cookies",
        "Bakery wins prize for its cookies",
        ["We love cookies, said the jury, and ours were eaten. " + STORY[0], *STORY[1:3]],
    ),
    ("about error 404", "Museum of error 404 opens in Brackwater", list(STORY[:4])),
    (
        "with a subscription box",
        "The wall",
        [*STORY, "Subscribe to continue reading our newspaper in print, says the box below every story."],
    ),
    ("called hello world", "Hello world!", [*STORY, *STORY]),
    ("about JavaScript", "Enable JavaScript, says the minister", list(STORY[:3])),
]


@pytest.mark.parametrize(("name", "title", "pieces"), KEPT, ids=[case[0] for case in KEPT])
def test_kept(name, title, pieces):
    body = f"<article><h1>{title}</h1>{''.join(f'<p>{n} {piece}</p>' for n, piece in enumerate(pieces))}</article>"
    came = extract(URL, page(f"{title} | Eastern Ledger", body, '<meta property="og:type" content="article">'))
    assert isinstance(came, Article), came


def test_an_article_with_a_list_of_others_below_is_one():
    body = f"<article><h1>The wall</h1>{''.join(f'<p>{piece}</p>' for piece in STORY)}</article><section>{TEASERS}</section>"
    assert isinstance(extract(URL, page("The wall", body)), Article)


def test_an_article_on_the_front_address_is_one():
    body = f"<h1>The wall</h1>{''.join(f'<p>{piece}</p>' for piece in STORY)}"
    assert isinstance(extract("https://eastern-ledger.example/", page("The wall", body)), Article)


PROSE = "".join(f"<p>{n} {piece}</p>" for n, piece in enumerate(STORY))
BRIEF = f"<p>{STORY[0]}</p><p>{STORY[1]}</p>"
UNSAID = [
    # (what misleads, URL, page): none of them says that it is an article
    ("the site's name in front", URL, page("404 Ledger: fog closes the harbour", f"<h1>Fog closes the harbour</h1>{PROSE}")),
    ("the site's name behind", URL, page("Fog closes the harbour - Error 404", f"<h1>Fog closes the harbour</h1>{PROSE}")),
    ("the host", "https://404-news.example/fog", page("404-news | Fog closes the harbour", f"<h1>Fog closes the harbour</h1>{BRIEF}")),
    ("the stated name, in a brief", URL, page("Studio 404 – Fog closes the harbour", f"<h1>Fog closes the harbour</h1>{BRIEF}", '<meta property="og:site_name" content="Studio 404">')),
    ("a headline on missing pages", URL, page("Page not found: how the town lost its archive", f"<h1>Page not found: how the town lost its archive</h1>{PROSE}")),
    ("a number", URL, page("404 – the room nobody enters", f"<h1>404 – the room nobody enters</h1>{PROSE}")),
    ("nothing found", URL, page("Nothing found in the bay", f"<h1>Nothing found in the bay</h1>{BRIEF}")),
    ("a moment", URL, page("Just a moment of fog", f"<h1>Just a moment of fog</h1>{BRIEF}")),
    ("a check", URL, page("Security check for the sea wall", f"<h1>Security check for the sea wall</h1>{BRIEF}")),
    ("a ban", URL, page("Access denied to the sea wall", f"<h1>Access denied to the sea wall</h1>{BRIEF}")),
    ("a greeting", URL, page("Hello world", f"<h1>Hello world</h1>{BRIEF}")),
    ("an offer in the head", URL, page("Fog", f"<div>Already a subscriber? Subscribe to read more</div><h1>Fog closes the harbour</h1>{BRIEF}")),
    ("a banner, and privacy as the theme", URL, page("A law on privacy", "<div>We value your privacy. Accept all cookies</div><h1>A law on privacy</h1>" + "".join(f"<p>On privacy the council had this to say. {piece}</p>" for piece in STORY[:3]))),
    ("an address like a list's", "https://eastern-ledger.example/archives/2231", page("The wall", f"<h1>The wall</h1>{PROSE}<div>{TEASERS}</div>")),
    ("a class like a list's", URL, page("The wall", f"<h1>The wall</h1>{PROSE}<div>{TEASERS}</div>", classes="blog")),
    ("a canonical like the front's", URL, page("The wall", f"<h1>The wall</h1>{PROSE}<ul>{''.join(f'<li>Point {n} of nine</li>' for n in range(9))}</ul>", '<link rel="canonical" href="https://eastern-ledger.example/">')),
]  # fmt: skip


@pytest.mark.parametrize(("name", "url", "html"), UNSAID, ids=[case[0] for case in UNSAID])
def test_a_name_or_a_phrase_alone_drops_no_page_with_a_body(name, url, html):
    came = extract(url, html)
    assert isinstance(came, Article), came
    assert STORY[0] in came.text

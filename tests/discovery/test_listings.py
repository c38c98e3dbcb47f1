from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import listing, listing_page, patterns
from crawler.discovery.base import Fetched, Found, Visit
from crawler.discovery.markup import parse_html
from crawler.discovery.pagination import is_page, next_page, number_of
from crawler.discovery.shapes import no_article, plain_twin
from crawler.discovery.turnover import taken_out

SITE = "http://board.example/"


def parse(body: str, url: str = SITE, learned: patterns.Patterns | None = None) -> listing_page.Listing:
    page = listing_page.parse(Fetched(url, 200, {}, body.encode()), SITE, learned or {})
    assert page is not None
    return page


def urls(body: str, **more: object) -> set[str]:
    return {link.url.removeprefix(SITE) for link in parse(body, **more).articles}  # type: ignore[arg-type]


CARDS = """<html><body><header><a href="/">Board</a><nav><a href="/world/">World</a><a href="/sport/">Sport</a>
<a href="/about/">About us</a></nav></header><main>
<article class="card"><a href="/world/harbour-reopens-after-storm"><img src="a.jpg"></a>
 <h2><a href="/world/harbour-reopens-after-storm">Harbour reopens after the storm</a></h2>
 <time datetime="2026-11-19">1</time><a class="author" href="/author/lena">Lena Vogt</a>
 <a href="/world/harbour-reopens-after-storm#comments">3 comments</a></article>
<article class="card"><h2><a href="/world/mayor-resigns">Mayor resigns over the new bridge</a></h2></article>
<article class="card"><h2><a href="/sport/cup-final-abandoned">Cup final abandoned in thick fog</a></h2>
 <a href="/tag/fog">fog</a></article></main>
<aside><h3>Most read</h3><ul><li><a href="/world/mayor-resigns">Mayor resigns over the new bridge</a></li></ul></aside>
<footer><a href="/privacy-policy">Privacy policy of the Board and its partners</a><a href="http://ads.example/x">Ad</a>
<a href="/newsletter">Subscribe to our free daily newsletter now</a></footer></body></html>"""

TABLE = """<table><tr><td class="menu"><a href="news.php?cat=1">News</a> | <a href="contact.php">Contact</a></td></tr>
<tr><td><a href="story.php?id=812">Ferry service suspended until Monday morning</a><br>19 November</td></tr>
<tr><td><a href="story.php?id=811">Winter market to open two weeks early this year</a><br>18 November</td></tr>
<tr><td><a href="story.php?id=810">Short one</a><br>18 November</td></tr>
<tr><td><a href="news.php?cat=1&page=2">Older &gt;</a></td></tr></table>"""

CHINESE = """<ul class="list"><li><a href="/a/20261119/000123.htm">港口在风暴后重新开放渡轮恢复</a></li>
<li><a href="/a/20261119/000122.htm">市长因新桥争议宣布辞职</a></li>
<li><a href="/a/20261118/000121.htm">杯赛决赛因大雾中止</a></li></ul>
<div class="nav"><a href="/shizheng/">时政</a><a href="/tiyu/">体育</a></div>"""


def test_cards() -> None:
    page = parse(CARDS)
    assert [link.url.removeprefix(SITE) for link in page.articles] == [
        "world/harbour-reopens-after-storm", "world/mayor-resigns", "sport/cup-final-abandoned",
    ]  # fmt: skip
    assert page.articles[0].title == "Harbour reopens after the storm"
    assert str(page.articles[0].published) == "2026-11-19 00:00:00+00:00"
    assert {url.removeprefix(SITE) for url in page.sections} == {"world/", "sport/"}


def test_a_table_of_the_nineties() -> None:
    page = parse(TABLE)
    assert {link.url for link in page.articles} == {SITE + f"story.php?id={n}" for n in (812, 811, 810)}
    assert page.following == SITE + "news.php?cat=1&page=2"


def test_a_script_without_blanks_between_words() -> None:
    assert urls(CHINESE) == {f"a/{day}/000{n}.htm" for day, n in ((20261119, 123), (20261119, 122), (20261118, 121))}


def test_base_href_and_json_ld() -> None:
    body = """<html><head><base href="/deep/"><script type="application/ld+json">{"@graph": [{"@type": "ItemList",
    "itemListElement": [{"@type": "ListItem", "url": "/deep/from-json-ld", "name": "From the list"},
    {"item": {"@id": "/deep/second-of-them"}}, {"item": "http://other.example/x"}]},
    {"@type": "BreadcrumbList", "itemListElement": [{"item": "/deep/"}]}]}</script></head>
    <body><h2><a href="one-long-relative-story">A story with a relative link</a></h2></body></html>"""
    assert urls(body) == {"deep/from-json-ld", "deep/second-of-them", "deep/one-long-relative-story"}


def test_what_proved_to_be_an_article_here_decides() -> None:
    body = (
        '<p><a href="/n/alpha">Alpha</a> <a href="/n/beta">Beta</a></p>'
        '<h2><a href="/guide/how-we-work-here-today">How we work, in a few words</a></h2>'
    )
    assert urls(body) == {"guide/how-we-work-here-today"}
    learned = patterns.learn(
        {}, [SITE + f"n/{word}" for word in "abcdef"], [SITE + f"guide/how-we-{n}-do-it" for n in range(5)]
    )
    assert urls(body, learned=learned) == {"n/alpha", "n/beta"}


def test_amp_twins_are_one() -> None:
    body = "".join(
        f'<h3><a href="/{slug}">A headline of words</a></h3><h3><a href="/{slug}/amp/">A headline of words</a></h3>'
        for slug in ("a-b-c-d", "e-f-g-h")
    )
    assert urls(body) == {"a-b-c-d", "e-f-g-h"}


@pytest.mark.parametrize(
    ("html", "following"),
    [
        ('<link rel="next" href="/news/page/2/">', "news/page/2/"),
        ('<a rel="prev" href="/news/">x</a><a rel="next" href="/news?page=2">2</a>', "news?page=2"),
        ('<a href="/news/page/2/">2</a><a href="/news/page/3/">3</a><a href="/news/page/9/">Last</a>', "news/page/2/"),
        ('<a href="/news?start=20">Older posts »</a>', "news?start=20"),
        ('<a href="/news/older/">Ältere Beiträge</a>', "news/older/"),
        ('<a href="/news/page/2/">Следующая →</a>', "news/page/2/"),
        ('<a href="/news/page/2/">下一页</a>', "news/page/2/"),
        ('<a href="/news/page/2/">المزيد</a>', "news/page/2/"),
        ('<button data-next-page="/news?page=2">Load more</button>', "news?page=2"),
        ('<a href="/search?updated-max=2026-11-01T00:00:00Z&max-results=7">Older Posts</a>',
         "search?updated-max=2026-11-01T00:00:00Z&max-results=7"),
        ('<a href="/news/some-long-story-of-today">Read more</a>', ""),
        ('<a href="/news/some-long-story-of-today">More</a>', ""),
        ('<a href="http://other.example/news/page/2/">Next</a>', ""),
        ('<a href="/news/">1</a>', ""),
    ],
)  # fmt: skip
def test_the_next_page(html: str, following: str) -> None:
    root = parse_html(f"<html><body>{html}</body></html>".encode())
    assert root is not None
    assert next_page(root, SITE + "news/", SITE + "news/").removeprefix(SITE) == following


def test_the_page_after_the_second() -> None:
    root = parse_html(b'<a href="/news/page/1/">Next</a><a href="/news/">1</a><a href="/news/page/3/">3</a>')
    assert root is not None
    assert next_page(root, SITE + "news/page/2/", SITE) == SITE + "news/page/3/"
    assert number_of(SITE + "news?page=7")[1] == 7
    assert is_page(SITE + "news/page/7/", SITE + "news/")
    assert not is_page(SITE + "news/page-turner-wins-prize", SITE + "news/")


@pytest.mark.parametrize(
    "path",
    [
        "", "index.html", "category/sea/", "tag/fog", "author/lena/", "page/2/", "2026/", "2026/11/", "2026/11/19/",
        "feed/", "a-b-c-d/feed/", "comments/feed/", "a-b-c-d/embed/", "wp-content/uploads/a.jpg", "wp-login.php",
        "a.pdf", "?s=fog", "?cat=4", "?attachment_id=9", "?page_id=2", "?feed=rss2", "about/", "privacy-policy",
        "hello-world/", "sample-page/", "search/label/fog?max-results=7", "?m=202611", "topics/fog",
        "tag/437881-the-fog-over-the-strait", "thema/wahl", "en/author/lena-maria-vogt-jun",
    ],
)  # fmt: skip
def test_what_is_never_an_article(path: str) -> None:
    assert no_article(SITE + path)


@pytest.mark.parametrize(
    "path",
    [
        "?p=12", "index.php?newsid=7", "archives/1234567", "2026/11/19/a-b", "2026/11/19/harbour", "a-b-c-d",
        "world/mayor", "section/politics/the-mayor-resigns-at-last", "story.php?id=4",
        "tag-der-einheit-in-der-stadt", "#!/story/7", "topics-of-the-day-explained", "author-wins-a-prize",
        "2026/11/story.html?m=1", "tags-and-what-they-mean",
        "tag/2026/11/searching-for-the-fog",
    ],
)  # fmt: skip
def test_what_may_be_one(path: str) -> None:
    assert not no_article(SITE + path)


def test_twins() -> None:
    assert plain_twin(SITE + "a-b/amp/") == SITE + "a-b"
    assert plain_twin(SITE + "a-b?amp=1&x=2") == SITE + "a-b?x=2"
    assert plain_twin(SITE + "2026/11/a.html?m=1") == SITE + "2026/11/a.html"
    assert plain_twin(SITE + "amplifier-test") == ""


def test_templates() -> None:
    assert patterns.template(SITE + "news/2026/11/the-mayor-resigns-77123.html") == "/news/Y/M/S-D.html"
    assert patterns.template(SITE + "?p=12&x=a") == "?p=D&x=W".join(["/", ""])
    assert patterns.template(SITE + "story/812") == "/story/D"
    assert patterns.opinion({}, SITE) == 0


def test_learning_is_bounded() -> None:
    learned: dict[str, dict[str, int]] = {}
    for number in range(50):
        learned = patterns.learn(learned, [f"{SITE}{chr(97 + n % 26)}{n}x{number}y/w" for n in range(30)], [])
    assert len(learned["yes"]) <= patterns.MAX_TEMPLATES


def read(cards: list[int], cursor: dict[str, object], url: str = SITE, more: str = "", **visit: object) -> Found:
    body = "".join(f'<h2><a href="/news/a-story-numbered-{n}">A story that is numbered {n}</a></h2>' for n in cards)
    body = (
        f'<html><body>{body}<a href="{more}">Older</a></body></html>' if more else f"<html><body>{body}</body></html>"
    )
    return listing.read(Fetched(url, 200, {}, body.encode()), Visit(SITE, cursor, **visit))  # type: ignore[arg-type]


def test_a_first_visit_goes_to_the_end_and_a_later_one_to_what_is_known() -> None:
    found = read([9, 8, 7, 6], {}, more="/?page=2", first=True)
    assert [link.url for link in found.more] == [SITE + "?page=2"]
    found = read([5, 4, 3, 2], dict(found.cursor or {}), SITE + "?page=2", first=True)
    known = dict(found.cursor or {})
    quiet = read([9, 8, 7, 6], known, more="/?page=2")
    assert not quiet.more
    assert not listing.further_seeds(Visit(SITE, quiet.cursor or known))
    busy = read([19, 18, 17, 16], known, more="/?page=2")
    assert not busy.more, "another method may tell it for less"
    (second,) = listing.further_seeds(Visit(SITE, busy.cursor or {}))
    assert second.url == SITE + "?page=2"
    found = read([15, 14, 13, 12], dict(busy.cursor or {}), SITE + "?page=2", more="/?page=3", round=1)
    assert [link.url for link in found.more] == [SITE + "?page=3"]
    found = read([9, 8, 7, 6], dict(found.cursor or {}), SITE + "?page=3", more="/?page=4", round=1)
    assert not found.more


def test_a_sidebar_of_the_newest_on_every_page_does_not_end_it() -> None:
    found = read([9, 8, 7, 6, 5, 4], {}, more="/?page=2", first=True)
    found = read([9, 8, 7, 6, 5, 4], dict(found.cursor or {}), SITE + "?page=2", more="/?page=3", first=True)
    assert [link.url for link in found.more] == [SITE + "?page=3"]
    for number in (3, 4):
        found = read(
            [9, 8, 7, 6, 5, 4],
            dict(found.cursor or {}),
            SITE + f"?page={number}",
            more=f"/?page={number + 1}",
            first=True,
        )
    assert not found.more, "a site that ignores the page's number"


def test_sections_are_tried_on_a_first_visit_and_forgotten_when_they_are_gone() -> None:
    found = listing.read(Fetched(SITE, 200, {}, CARDS.encode()), Visit(SITE, {}, first=True))
    assert {link.url for link in found.more} == {SITE + "world/", SITE + "sport/"}
    found = read([1, 2, 3], dict(found.cursor or {}), SITE + "world/", first=True)
    cursor = dict(found.cursor or {})
    assert [link.url for link in listing.seeds(Visit(SITE, cursor))] == [SITE, SITE + "world/"]
    for _ in range(listing.PATIENCE):
        cursor = dict(listing.read(Fetched(SITE + "world/", 404, {}, b""), Visit(SITE, cursor)).cursor or {})
    assert [link.url for link in listing.seeds(Visit(SITE, cursor))] == [SITE]


def test_a_shell_says_so() -> None:
    found = read([], {})
    assert "browser" in found.note


@given(st.lists(st.integers(0, 30), unique=True), st.lists(st.integers(0, 30), unique=True))
def test_taken_out(before: list[int], now: list[int]) -> None:
    missing = taken_out([str(one) for one in before], [str(one) for one in now])
    assert set(missing).isdisjoint(map(str, now))
    assert set(missing) <= {str(one) for one in before}


def _rows(numbers: range, older: str = "") -> bytes:
    """A page of so many teasers."""
    teasers = "".join(
        f'<article class="card"><h2><a href="/news/{one}-ferry-number-{one}-runs-late-again">Ferry number {one} runs'
        " late again today</a></h2></article>"
        for one in numbers
    )
    return f'<html><body><main>{teasers}</main><a rel="next" href="{older}">Older posts</a></body></html>'.encode()


def test_the_archive_is_read_in_turns() -> None:
    """Nine pages of three: each is read in the end, the near ones at every other turn; then it begins anew."""
    cursor: Mapping[str, object] = {"front": SITE, "lists": {SITE: {"shown": []}}}
    asked = []
    for number in range(1, 60):
        visit = Visit(SITE, cursor, number=number)
        for link in [*listing.seeds(visit)[:1], *(listing.archive_seeds(visit) if number % 2 else [])]:
            page = number_of(link.url)[1]
            older = f"{SITE}page/{page + 1}/" if page < 9 else SITE
            found = listing.read(Fetched(link.url, 200, {}, _rows(range(30 - 3 * page, 33 - 3 * page), older)), visit)
            assert len(found.articles) == 3
            assert not found.more
            visit = replace(visit, cursor=found.cursor or visit.cursor)
            asked.append(page)
        cursor = visit.cursor
    assert {page: asked.count(page) > 1 for page in range(2, 10)} == dict.fromkeys(range(2, 10), True)


def _beside(shown: range, newest: range, older: str) -> bytes:
    """A page of a few teasers, with a sidebar of the newest posts on every page."""
    links = "".join(
        f'<li><a href="/news/{one}-ferry-number-{one}-runs-late-again">Ferry number {one} runs late again today</a>'
        for one in newest
    )
    return _rows(shown, older).replace(b"</body>", f"<aside><h3>Recent</h3><ul>{links}</ul></aside></body>".encode())


def _walk(cursor: Mapping[str, object], posts: int, *, first: bool) -> tuple[Mapping[str, object], set[str], int]:
    """One visit to a listing of three posts a page: the cursor after it, the articles that it showed, pages read."""
    shown: set[str] = set()
    pages = 0
    for round_ in (0, 1):
        visit = Visit(SITE, cursor, first=first, round=round_)
        queue = listing.seeds(visit)[:1] if round_ == 0 else listing.further_seeds(visit)
        while queue:
            page = number_of(queue.pop().url)[1]
            url = f"{SITE}page/{page}/" if page > 1 else SITE
            top = posts - 3 * (page - 1)
            rows = range(top, max(top - 3, 0), -1)
            body = _beside(rows, range(posts, posts - 6, -1), f"{SITE}page/{page + 1}/" if top > 3 else url)
            found = listing.read(Fetched(url, 200, {}, body), replace(visit, cursor=cursor))
            cursor, pages = found.cursor or cursor, pages + 1
            shown.update(link.url for link in found.articles)
            queue.extend(found.more)
    return cursor, shown, pages


def test_a_sidebar_of_the_newest_does_not_end_a_listing() -> None:
    cursor, shown, _ = _walk({"front": SITE}, 30, first=True)
    assert len(shown) == 30
    cursor, shown, pages = _walk(cursor, 41, first=False)
    assert len({url for url in shown if int(url.rpartition("/")[2].partition("-")[0]) > 30}) == 11
    assert pages <= 6
    _, _, pages = _walk(cursor, 41, first=False)
    assert pages == 1


SHORT = {"eels-return": "Eels return", "late-frost": "Late frost", "bells": "Bells", "quay-shut": "Quay shut again"}
LONG = {"1201": "Late frost in the valley", "1202": "Quay shut for repairs", "1203": "Eels return to the weir"}
WIDE = {"1201": "市場が港へ移る", "1202": "谷の収穫が遅い", "1203": "橋は修理で閉鎖"}
MONTHS = {f"archive/2026/{month:02}": f"Month {month}" for month in range(1, 9)}
DAYS = {f"calendar/2026/05/{day:02}": str(day) for day in range(1, 29)}
PEOPLE = {f"u/{number}": "Anna Bele" for number in range(1, 9)}


def bare(links: Mapping[str, str]) -> str:
    return "<ul>" + "".join(f'<li><a href="/{url}">{text}</a></li>' for url, text in links.items()) + "</ul>"


@pytest.mark.parametrize("noise", [{}, MONTHS, DAYS, PEOPLE], ids=["alone", "months", "days", "people"])
@pytest.mark.parametrize(
    ("form", "texts"),
    [
        ("2026/05/{}.html", SHORT), ("2026/05/{}", SHORT), ("20260519/{}.htm", SHORT), ("news/{}", LONG),
        ("index.php?id={}", LONG), ("a/{}.html", WIDE), ("news/{}/", WIDE),
    ],
)  # fmt: skip
def test_bare_links_whose_urls_are_dated_or_numbered(
    form: str, texts: Mapping[str, str], noise: Mapping[str, str]
) -> None:
    articles = {form.format(slug): text for slug, text in texts.items()}
    assert urls(bare({**noise, **articles})) == set(articles)


def test_where_nothing_looks_like_an_article_the_best_group_is_tried() -> None:
    articles = {f"{slug}.html": text for slug, text in SHORT.items()}
    menu = '<nav><a href="/world/">World</a><a href="/sport/">Sport</a><a href="/money/">Money</a></nav>'
    assert urls(menu + bare(articles)) == set(articles)
    assert urls(menu + bare({**articles, "the-harbour-opens-at-last.html": "The harbour opens at last in May"})) == {
        *articles, "the-harbour-opens-at-last.html",
    }  # fmt: skip
    refuted = patterns.learn({}, [], [f"{SITE}{word}.html" for word in ("about-it", "how", "why")])
    assert urls(menu + bare(articles), learned=refuted) == set()
    known = patterns.learn({}, [f"{SITE}n/{number}" for number in range(5)], [])
    assert urls(menu + bare(articles), learned=known) == set()

"""The makes that are not WordPress, and changes as the clock goes on."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from datetime import timedelta

from crawler.sites import load_sites
from fixtures.content import HOSTS, START, at, load, url
from fixtures.web import FixtureWeb
from fixtures.web.makes import MAKES
from tests.fixtures_web.conftest import Get, path_of

NewSite = Callable[..., str]
FEED = "/feeds/posts/default"


# -- Blogger


def test_blogger_feed_pages_and_filters(web: FixtureWeb, get: Get, new_site: NewSite) -> None:
    host = new_site("newsquilt.example")
    web.add_posts(host, 30, spacing="1h")
    first = get(host, f"{FEED}?alt=json").json["feed"]
    assert (len(first["entry"]), first["openSearch$totalResults"]["$t"]) == (25, "30")
    rest = get(host, f"{FEED}?alt=json&start-index=26&max-results=25").json["feed"]
    assert len(rest["entry"]) == 5
    assert not {one["id"]["$t"] for one in first["entry"]} & {one["id"]["$t"] for one in rest["entry"]}
    oldest = web.posts(host)[0]
    since = web.now().isoformat().replace("+", "%2B")
    web.advance("1m")
    web.edit_post(host, oldest["number"], title="Edited long after")
    changed = get(host, f"{FEED}?alt=json&orderby=updated&updated-min={since}").json["feed"]["entry"]
    assert [one["title"]["$t"] for one in changed] == ["Edited long after"]
    assert changed[0]["published"]["$t"] < changed[0]["updated"]["$t"]


def test_blogger_feed_is_conditional_and_atom_too(web: FixtureWeb, get: Get, new_site: NewSite) -> None:
    host = new_site("newsquilt.example")
    web.add_posts(host, 3)
    answer = get(host, FEED)
    assert answer.text.count("<entry>") == 3
    assert get(host, FEED, If_None_Match=answer.headers["ETag"]).status == 304
    web.erase_post(host, web.posts(host)[0]["number"])
    assert get(host, FEED, If_None_Match=answer.headers["ETag"]).status == 200
    assert get(host, "/atom.xml").status == 302


def test_blogger_archive_and_sitemap(web: FixtureWeb, get: Get, new_site: NewSite) -> None:
    host = new_site("newsquilt.example")
    urls = web.add_posts(host, 160, spacing="1m")
    assert "sitemap.xml?page=2" in get(host, "/sitemap.xml").text
    page = get(host, "/sitemap.xml?page=2").text
    assert page.count("<lastmod>") == 10
    older = get(host).text.split('blog-pager-older-link" href="')[1].split('"')[0].replace("&amp;", "&")
    assert get(host, path_of(older)).status == 200
    assert get(host, path_of(urls[0])[: len("/2026/11/")]).status == 200
    assert get(host, path_of(urls[0]) + "?m=1").status == 200


# -- static


def test_static_files_have_honest_validators(web: FixtureWeb, get: Get, new_site: NewSite) -> None:
    host = new_site("nordpost.example")
    urls = web.add_posts(host, 5, spacing="1h")
    for path in ("/", "/sitemap_index.xml", "/index.xml", path_of(urls[0])):
        answer = get(host, path)
        assert get(host, path, If_None_Match=answer.headers["ETag"]).status == 304
        assert get(host, path, If_Modified_Since=answer.headers["Last-Modified"]).status == 304
        zipped = get(host, path, Accept_Encoding="gzip")
        assert get(host, path, If_None_Match=zipped.headers["ETag"]).status == 304
    tag = get(host, "/sitemap_index.xml").headers["ETag"]
    web.advance("10s")
    web.erase_post(host, urls[1])
    assert get(host, "/sitemap_index.xml", If_None_Match=tag).status == 200


def test_static_rebuild_changes_every_validator_and_no_text(web: FixtureWeb, get: Get, new_site: NewSite) -> None:
    host = new_site("nordpost.example")
    path = path_of(web.add_posts(host, 1)[0])
    before = get(host, path)
    web.advance("1h")
    web.rebuild(host)
    after = get(host, path, If_None_Match=before.headers["ETag"])
    assert after.status == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.body == before.body


def test_sitemap_index_has_lastmod_a_gzipped_child_and_news(web: FixtureWeb, get: Get, new_site: NewSite) -> None:
    host = new_site("quickmirror.example")
    urls = web.add_posts(host, 60, spacing="1d")
    index = get(host, "/sitemap_index.xml").text
    children = [part.split("</loc>")[0] for part in index.split("<loc>")[1:]]
    assert index.count("<lastmod>") == len(children)
    zipped = [child for child in children if child.endswith(".gz")]
    listed = ""
    for child in children:
        answer = get(host, path_of(child))
        assert answer.status == 200
        listed += gzip.decompress(answer.body).decode() if child in zipped else answer.text
    assert zipped
    assert all(f"<loc>{url}</loc>" in listed for url in urls)
    news = get(host, "/sitemaps/news.xml").text
    assert 1 <= news.count("<news:title>") <= 3
    web.advance("3d")
    assert get(host, "/sitemaps/news.xml").text.count("<news:title>") == 0


def test_static_deletion_410_and_move_301(web: FixtureWeb, get: Get, new_site: NewSite) -> None:
    host = new_site("nordpost.example")
    first, second = web.add_posts(host, 2)
    web.erase_post(host, first)
    assert get(host, path_of(first)).status == 410
    moved = web.move_post(host, second, "neuer-name")
    assert get(host, path_of(second)).headers["Location"] == moved["url"]


# -- listings only


def test_paperboy_has_nothing_but_paged_lists(get: Get) -> None:
    for path in ("/robots.txt", "/feed/", "/sitemap.xml", "/wp-json/", "/feeds/posts/default"):
        assert get("paperboy.example", path).status == 404
    page, seen = "/", ""
    for _ in range(30):
        text = get("paperboy.example", page).text
        seen += text
        if "Older &gt;</a>" not in text:
            break
        page = "/" + text.split('">Older &gt;')[0].rsplit('href="', 1)[1]
    missing = [
        post.slug
        for post in load()
        if post.host == "paperboy.example" and not post.changes and path_of(url(post))[1:] not in seen
    ]
    assert missing == []


def test_calendar_never_ends(get: Get, web: FixtureWeb, new_site: NewSite) -> None:
    host = new_site("paperboy.example", kind="calendar")
    web.add_posts(host, 2)
    assert "/events/" in get(host).text.replace('"events/', '"/events/')
    assert get(host, "/events/2026-12").text != get(host, "/events/2027-01").text
    assert get(host, "/events/9999-12").status == 200


# -- JavaScript


def test_glasspane_serves_one_empty_shell(get: Get) -> None:
    shell = get("glasspane.example").body
    post = next(post for post in load() if post.host == "glasspane.example")
    assert get("glasspane.example", path_of(url(post))).body == shell
    assert get("glasspane.example", "/story/never-was").body == shell
    data = get("glasspane.example", f"/api/posts/{url(post).rsplit('/', 1)[1]}").json
    assert data["title"] == post.title
    assert get("glasspane.example", "/api/posts/never-was").status == 404
    assert get("glasspane.example", "/robots.txt").status == 200
    assert get("glasspane.example", "/feed.xml").status == 404


def test_shells_304_says_nothing_of_its_posts(web: FixtureWeb, get: Get, new_site: NewSite) -> None:
    host = new_site("glasspane.example")
    web.add_posts(host, 2)
    tag = get(host).headers["ETag"]
    web.edit_post(host, web.posts(host)[0]["number"], title="Quite another")
    assert get(host, If_None_Match=tag).status == 304


# -- all


def test_sites_toml_declares_the_nine() -> None:
    declared = load_sites("fixtures/sites.toml")
    assert {site.url.split("/")[2] for site in declared} == set(MAKES) == set(HOSTS)
    assert {site.role for site in declared if HOSTS[site.url.split("/")[2]].role == "publisher"} == {"publisher"}
    assert not any(site.render or site.discovery for site in declared)


def test_ten_thousand_posts_are_cheap(web: FixtureWeb, get: Get, new_site: NewSite) -> None:
    host = new_site("kestrel-times.example")
    began = time.monotonic()
    urls = web.add_posts(host, 10_000, spacing="3m")
    assert time.monotonic() - began < 10
    answer = get(host, "/wp-json/wp/v2/posts?per_page=100&page=100&_fields=id,modified_gmt")
    assert (answer.headers["X-WP-Total"], len(answer.json)) == ("10000", 100)
    assert len(set(urls)) == 10_000
    again = get(host, path_of(urls[5000])).text
    assert web.post(host, urls[5000])["text"].split("\n\n")[0] in again


def test_the_clock_brings_the_contents_changes(get: Get) -> None:
    changing = [post for post in load() if post.changes]
    assert {change.kind for post in changing for change in post.changes} >= {"appear", "edit"}
    last = max(change.after for post in changing for change in post.changes)
    with FixtureWeb() as web:
        for elapsed in (timedelta(0), last / 2, last + timedelta(seconds=1)):
            web.advance(max(0.0, (elapsed - (web.now() - START)).total_seconds()))
            rows = {host: {row["url"]: row["state"] for row in web.posts(host)} for host in MAKES}
            for post in changing:
                now = at(post, web.now() - START)
                if now is not None:
                    assert rows[post.host].get(url(now)) == "publish", (post.id, elapsed)
                elif post.changes[0].kind != "appear" or elapsed >= post.changes[0].after:
                    assert rows[post.host][url(post)] != "publish", (post.id, elapsed)

"""WordPress as section 3 of the facts has it: REST, feeds that lie, redirects, traps, plain permalinks."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from fixtures.web import FixtureWeb
from tests.fixtures_web.conftest import Get, path_of

KESTREL = "kestrel-times.example"
RELAY = "dailyrelay.example"
NewSite = Callable[..., str]
POSTS = "/wp-json/wp/v2/posts"


@pytest.fixture
def relay(web: FixtureWeb, new_site: NewSite) -> str:
    """A site like the Daily Relay, five hours behind UTC, with 25 posts an hour apart."""
    host = new_site(RELAY)
    web.add_posts(host, 25, spacing="1h")
    return host


def links(text: str) -> list[str]:
    return [item.findtext("link") or "" for item in ElementTree.fromstring(text).iter("item")]


# -- REST


def test_totals_and_pages(get: Get, relay: str) -> None:
    answer = get(relay, f"{POSTS}?per_page=10&page=2")
    assert (answer.headers["X-WP-Total"], answer.headers["X-WP-TotalPages"]) == ("25", "3")
    assert len(answer.json) == 10
    assert 'rel="prev"' in answer.headers["Link"]
    assert 'rel="next"' in answer.headers["Link"]


def test_page_past_the_end_and_too_many_a_page(get: Get, relay: str) -> None:
    past = get(relay, f"{POSTS}?page=4")
    assert (past.status, past.json["code"]) == (400, "rest_post_invalid_page_number")
    many = get(relay, f"{POSTS}?per_page=101")
    assert (many.status, many.json["code"]) == (400, "rest_invalid_param")
    assert get(relay, f"{POSTS}?per_page=100").status == 200


def test_both_url_forms_say_the_same(get: Get, relay: str) -> None:
    query = "per_page=3&_fields=id,link"
    assert get(relay, f"{POSTS}?{query}").json == get(relay, f"/?rest_route=/wp/v2/posts&{query}").json


def test_fields_make_it_small(get: Get, relay: str) -> None:
    row = get(relay, f"{POSTS}?per_page=1&_fields=id,modified_gmt,title.rendered").json[0]
    assert set(row) == {"id", "modified_gmt", "title"}
    assert not re.search(r"[Z+]", row["modified_gmt"])


def test_orders_and_include(get: Get, relay: str) -> None:
    by_id = [row["id"] for row in get(relay, f"{POSTS}?orderby=id&order=asc&per_page=100").json]
    assert by_id == sorted(by_id)
    wanted = [by_id[7], by_id[2], 999_999]
    got = get(relay, f"{POSTS}?include={','.join(map(str, wanted))}&orderby=include&_fields=id").json
    assert [row["id"] for row in got] == wanted[:2]
    assert get(relay, f"{POSTS}?orderby=nonsense").status == 400


def test_after_is_site_local_unless_an_offset_is_sent(get: Get, relay: str) -> None:
    newest, second = get(relay, f"{POSTS}?per_page=2").json
    assert newest["date"] != newest["date_gmt"]

    def count(text: str) -> int:
        return int(get(relay, f"{POSTS}?after={text}").headers["X-WP-Total"])

    assert count(second["date"]) == 1
    assert count(second["date_gmt"] + "Z") == 1
    assert count(second["date_gmt"] + "%2B00:00") == 1
    assert count(newest["date"]) == 0
    assert count(second["date_gmt"]) == 0  # read as local: five hours too late
    assert int(get(relay, f"{POSTS}?before={second['date']}").headers["X-WP-Total"]) == 23
    assert get(relay, f"{POSTS}?after=yesterday").status == 400


def test_modified_after_misses_what_was_inserted_with_a_past_date(web: FixtureWeb, get: Get, relay: str) -> None:
    before = get(relay, f"{POSTS}?per_page=1&orderby=id").json[0]
    since = web.now().isoformat().replace("+00:00", "Z")
    back_dated = web.insert_post(
        relay, title="Late, and says early", text="One.\n\nTwo.", published="2026-11-01T08:00:00Z"
    )
    assert get(relay, f"{POSTS}?modified_after={since}").json == []
    newest = get(relay, f"{POSTS}?orderby=id&order=desc&per_page=1").json[0]
    assert newest["id"] == back_dated["number"] > before["id"]
    web.advance("1m")
    edited = web.edit_post(relay, before["id"], title="Another title")
    assert [row["id"] for row in get(relay, f"{POSTS}?modified_after={since}").json] == [edited["number"]]


def test_trashed_401_erased_404_and_include_omits_them(web: FixtureWeb, get: Get, relay: str) -> None:
    first, second, third = (row["id"] for row in get(relay, f"{POSTS}?per_page=3&_fields=id").json)
    web.trash_post(relay, first)
    web.erase_post(relay, second)
    assert get(relay, f"{POSTS}/{first}").status == 401
    assert get(relay, f"{POSTS}/{second}").status == 404
    assert get(relay, f"{POSTS}/{third}").json["id"] == third
    got = get(relay, f"{POSTS}?include={first},{second},{third}&_fields=id")
    assert [row["id"] for row in got.json] == [third]
    assert got.headers["X-WP-Total"] == "1"


def test_api_is_found_by_its_link_header(get: Get) -> None:
    assert '<http://dailyrelay.example/wp-json/>; rel="https://api.w.org/"' in get(RELAY).headers["Link"]


def test_cms_pages_are_no_posts(get: Get) -> None:
    posts = get(KESTREL, f"{POSTS}?per_page=100&_fields=type").json
    assert {row["type"] for row in posts} == {"post"}
    assert get(KESTREL, "/about/").status == 200


# -- feeds


def test_feed_has_ten_entries_and_its_pages_end_in_404_with_rss(get: Get, relay: str) -> None:
    assert len(links(get(relay, "/feed/").text)) == 10
    assert len(links(get(relay, "/feed/?paged=3").text)) == 5
    past = get(relay, "/feed/?paged=4")
    assert past.status == 404
    assert links(past.text) == []


def test_feed_304_lies_about_back_dated_posts_and_deletions(web: FixtureWeb, get: Get, relay: str) -> None:
    first = get(relay, "/feed/")
    since, tag = first.headers["Last-Modified"], first.headers["ETag"]
    web.insert_post(relay, title="Says it was there before", text="One.\n\nTwo.", published="2026-11-01T08:00:00Z")
    web.trash_post(relay, web.posts(relay)[3]["number"])
    assert get(relay, "/feed/", If_Modified_Since=since).status == 304
    assert get(relay, "/feed/", If_None_Match=tag).status == 304
    web.advance("2s")
    web.edit_post(relay, web.posts(relay)[4]["number"], title="Changed")
    assert get(relay, "/feed/", If_Modified_Since=since).status == 200


def test_gzip_weakens_the_tag_and_wordpress_never_matches_it(get: Get, relay: str) -> None:
    zipped = get(relay, "/feed/", Accept_Encoding="gzip")
    since, tag = zipped.headers["Last-Modified"], zipped.headers["ETag"]
    assert tag.startswith("W/")
    assert get(relay, "/feed/", If_None_Match=tag).status == 200
    assert get(relay, "/feed/", If_None_Match=tag, If_Modified_Since=since).status == 200
    assert get(relay, "/feed/", If_None_Match=tag.removeprefix("W/"), If_Modified_Since=since).status == 304
    assert get(relay, "/feed/", If_Modified_Since=since).status == 304


def test_pages_and_rest_carry_no_validators(get: Get, relay: str) -> None:
    for path in ("/", POSTS):
        answer = get(relay, path)
        assert answer.headers["ETag"] is None
        assert answer.headers["Last-Modified"] is None


# -- pages


def test_one_post_many_urls(web: FixtureWeb, get: Get, relay: str) -> None:
    post = web.posts(relay)[0]
    path = path_of(post["url"])
    near = (f"/?p={post['number']}", path.rstrip("/"), path.upper(), path[:20] + "/")
    for wrong in near:
        answer = get(relay, wrong)
        assert (answer.status, answer.headers["Location"]) == (301, post["url"]), wrong
    assert get(relay, path + "?utm_source=x").status == 200
    assert get(relay, path + "?replytocom=5").status == 200
    assert get(relay, "/nothing-like-it-at-all/").status == 404


def test_moved_slug_redirects(web: FixtureWeb, get: Get, relay: str) -> None:
    post = web.posts(relay)[1]
    moved = web.move_post(relay, post["number"], "a-better-headline")
    answer = get(relay, path_of(post["url"]))
    assert (answer.status, answer.headers["Location"]) == (301, moved["url"])
    assert get(relay, path_of(moved["url"])).status == 200


@pytest.mark.parametrize(("deleted", "status"), [("trash", 404), ("404", 404), ("410", 410), ("home", 301)])
def test_what_a_deleted_post_answers(web: FixtureWeb, get: Get, new_site: NewSite, deleted: str, status: int) -> None:
    host = new_site(RELAY, deleted=deleted)
    url = web.add_posts(host, 2)[0]
    web.erase_post(host, url)
    answer = get(host, path_of(url))
    assert answer.status == status
    assert answer.headers["Location"] == (f"http://{host}/" if deleted == "home" else None)


def test_two_gets_of_one_post_differ_and_newest_posts_show_in_it(web: FixtureWeb, get: Get, relay: str) -> None:
    path = path_of(web.posts(relay)[0]["url"])
    first, second = get(relay, path).text, get(relay, path).text
    assert first != second
    akismet = re.compile(r'name="akismet_comment_nonce" value="\w+"|name="ak_js" value="\d+"')
    assert akismet.sub("", first) == akismet.sub("", second)
    web.insert_post(relay, title="The very newest of all", text="One.\n\nTwo.")
    assert "See also</strong> <a href=" in (third := get(relay, path).text)
    assert re.search(r"See also</strong> <a [^>]*>The very newest of all</a>", third)


def test_traps_are_there(get: Get, web: FixtureWeb, relay: str) -> None:
    path = path_of(web.posts(relay)[0]["url"])
    assert "<rss" in get(relay, path + "feed/").text
    assert "<rss" in get(relay, "/comments/feed/").text
    assert 'content="noindex' in get(relay, path + "embed/").text
    assert get(relay, "/page/2/").status == 200
    assert get(relay, "/page/9/").status == 404
    for list_path in ("/author/admin/", "/category/world/", "/tag/budget/", "/2026/11/"):
        assert get(relay, list_path).status == 200, list_path


def test_core_sitemap_has_2000_a_file_newest_last_and_no_lastmod(web: FixtureWeb, get: Get, new_site: NewSite) -> None:
    host = new_site(KESTREL)
    urls = web.add_posts(host, 2001, spacing="1m")
    index = get(host, "/wp-sitemap.xml").text
    assert "wp-sitemap-posts-post-2.xml" in index
    last = get(host, "/wp-sitemap-posts-post-2.xml").text
    assert urls[-1] in last
    assert "lastmod" not in index + last
    first = get(host, "/wp-sitemap-posts-post-1.xml").text
    assert first.count("<loc>") == 2000
    assert f"Sitemap: http://{host}/wp-sitemap.xml" in get(host, "/robots.txt").text


def test_seed_theme(get: Get) -> None:
    page = get(RELAY, path_of(get(RELAY, f"{POSTS}?per_page=1").json[0]["link"])).text
    for mark in ("Home</a> »", "by <a", ">admin<", "You may also like", "Leave a Comment", "Akismet", "We use cookies"):
        assert mark in page


# -- plain permalinks


def test_unknown_paths_answer_200_with_the_home_page(get: Get) -> None:
    home = get("worldbrief.example").text
    for path in ("/robots.txt", "/feed/", "/wp-sitemap.xml", "/some/thing"):
        answer = get("worldbrief.example", path)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=UTF-8")
        assert answer.text == home


def test_plain_feed_holds_excerpts_only_and_rest_is_off(get: Get) -> None:
    feed = get("worldbrief.example", "/?feed=rss2").text
    assert links(feed)
    assert all("/?p=" in link for link in links(feed))
    assert "content:encoded>" not in feed
    off = get("worldbrief.example", "/?rest_route=/wp/v2/posts")
    assert (off.status, off.json["code"]) == (401, "rest_disabled")
    assert get("worldbrief.example", "/?p=987654").status == 404


def test_plain_archives_are_paged(web: FixtureWeb, get: Get, new_site: NewSite) -> None:
    host = new_site("worldbrief.example")
    web.add_posts(host, 12)
    assert f'href="http://{host}/?paged=2"' in get(host).text
    assert get(host, "/?paged=2").status == 200
    assert get(host, "/?paged=3").status == 404
    assert get(host, "/?cat=world").status == 200

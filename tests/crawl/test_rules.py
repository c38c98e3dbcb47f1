"""The rules of a crawl, one by one: when to look again, what to believe, what was asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.discovery.base import Found, Link
from crawler.items import SkipReason
from crawler.middlewares import retry_after
from crawler.sites import Site
from crawler.spiders import revisits, validators
from crawler.spiders.arguments import Asked, sites_of
from crawler.spiders.dates import Dates
from crawler.spiders.failures import sentence, skip_reason
from crawler.spiders.lists import sort_links
from crawler.spiders.mirror import MirrorSpider
from crawler.spiders.rhythm import LEAST, MOST, Rhythm
from crawler.spiders.visit import OURS, SiteVisit
from crawler.storage.base import Page, SiteState

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SITE = Site(name="a.example", url="http://a.example/")


def page(**fields) -> Page:
    return Page(
        **{"id": 1, "site": "a.example", "link": Link("http://a.example/1"), "state": "held", "due_at": None, **fields}
    )


# -- the ladder


def test_the_ladder_is_climbed_to_its_end():
    known, now, seen = page(text_hash="x"), NOW, []
    for _ in range(9):
        result = revisits.unchanged(known, now, status=200, told=False)
        seen.append(result.due_at and result.due_at - now)
        known = page(text_hash="x", ladder=result.ladder)
    assert seen == [*revisits.LADDER[1:], None, None, None, None]


def test_a_change_steps_back():
    result = revisits.stored(page(text_hash="x", ladder=3), NOW, status=200, text_hash="y", published=NOW, told=False)
    assert (result.ladder, result.due_at) == (2, NOW + revisits.LADDER[2])


@pytest.mark.parametrize(
    ("age", "wait"),
    [(timedelta(0), timedelta(hours=1)), (DAY, DAY), (10 * DAY, 7 * DAY), (100 * DAY, None)],
)
def test_old_articles_enter_the_ladder_further_up(age, wait):
    result = revisits.stored(page(), NOW, status=200, text_hash="y", published=NOW - age, told=False)
    assert result.due_at == (None if wait is None else NOW + wait)


def test_where_lists_tell_of_edits_the_ladder_is_not_climbed():
    assert revisits.unchanged(page(text_hash="x"), NOW, status=200, told=True).due_at is None


@pytest.mark.parametrize(
    ("methods", "told"),
    [
        ({"wordpress": {"api": "x", "ids": "1,1"}}, True),
        ({"wordpress": {"api": "x", "misses": 3}, "feed": {}}, False),  # its REST is switched off
        ({"wordpress": {"api": "x", "ids": "1,1", "misses": 1}}, False),
        ({"blogger": {"feed": "x", "ids": "1,1"}}, True),
        ({"sitemap": {}, "feed": {}}, False),
    ],
)
def test_only_an_interface_that_answers_tells_of_edits(methods, told):
    known = SiteState("A", "http://a.example/", profile={"methods": methods})
    assert visit(known).tells_of_edits is told


def test_a_404_is_believed_after_three_misses_over_two_days():
    known, now, states = page(text_hash="x"), NOW, []
    for _ in range(4):
        result = revisits.missed(known, now, status=404, reason="")
        states.append((result.state, now - NOW))
        if result.due_at is None:
            break
        known = page(text_hash="x", misses=result.misses, missing_since=result.missing_since)
        now = result.due_at
    assert [state for state, _ in states] == ["missing", "missing", "missing", "gone"]
    assert states[-1][1] >= 2 * DAY


def test_many_misses_in_an_hour_are_not_believed():
    known = page(text_hash="x", misses=9, missing_since=NOW - timedelta(hours=1))
    assert revisits.missed(known, NOW, status=404, reason="").state == "missing"


@given(st.integers(0, 10_000))
def test_retries_come_later_and_later(attempts):
    first, second = revisits.retry_at(attempts, NOW), revisits.retry_at(attempts + 1, NOW)
    assert NOW < first <= second <= NOW + DAY


# -- validators


def test_if_modified_since_goes_alone():
    known = page(fetched_at=NOW, etag='W/"abc"', last_modified="Sun, 01 Nov 2026 10:00:00 GMT")
    headers = validators.headers_for(known)
    assert headers == {"Cache-Control": "max-age=0", "If-Modified-Since": "Sun, 01 Nov 2026 10:00:00 GMT"}


def test_weak_etags_go_without_their_mark():
    headers = validators.headers_for(page(fetched_at=NOW, etag='W/"abc"'))
    assert headers["If-None-Match"] == '"abc"'


@pytest.mark.parametrize(
    "fields",
    [
        {"fetched_at": None},
        {"memo": {"unmodified": validators.FULL_EVERY}},
        {"link": Link("http://a.example/1", fresh=True)},
    ],
)
def test_sometimes_the_whole_answer_is_asked_for(fields):
    known = page(**{"fetched_at": NOW, "etag": '"abc"', **fields})
    assert validators.headers_for(known) == validators.REVALIDATE


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        (
            {"etag": '"abc"', "last-modified": "Sun, 01 Nov 2026 10:00:00 GMT"},
            ('"abc"', "Sun, 01 Nov 2026 10:00:00 GMT"),
        ),
        ({"last-modified": "Sun, 08 Nov 2026 10:00:00 GMT"}, (None, None)),
        ({"last-modified": "yesterday"}, (None, None)),
        ({"etag": "x" * 999}, (None, None)),
        ({"etag": '"a\r\nHost: evil"'}, (None, None)),
        ({}, (None, None)),
    ],
)
def test_only_sane_validators_are_kept(headers, kept):
    assert validators.validators_of(headers, NOW) == kept


# -- what a list shows


def visit(state: SiteState | None = None, **how) -> SiteVisit:
    return SiteVisit.begin(SITE, state, NOW, **{"full": False, "since": None, **how})


def test_links_off_the_site_are_left_alone_and_old_ones_wait():
    found = Found(
        articles=(
            Link("http://a.example/new"),
            Link("http://a.example/old", published=NOW - 30 * DAY),
            Link("http://www.a.example/today", published=NOW),
            Link("http://ads.example/x"),
            Link("mailto:x"),
        ),
        more=(Link("http://a.example/page/2", kind="list"), Link("javascript:x", kind="list")),
    )
    links = sort_links(found, visit(), NOW)
    assert [link.url for link in links.fresh] == ["http://a.example/new", "http://www.a.example/today"]
    assert [link.url for link in links.backfill] == ["http://a.example/old"]
    assert [link.url for link in links.lists] == ["http://a.example/page/2"]


def test_since_drops_what_says_that_it_is_older():
    found = Found(articles=(Link("http://a.example/1", published=NOW - 9 * DAY), Link("http://a.example/2")))
    links = sort_links(found, visit(since=NOW - DAY), NOW)
    assert [link.url for link in links.fresh + links.backfill] == ["http://a.example/2"]


def test_lists_that_show_nothing_new_are_not_followed_for_ever():
    one = visit()
    assert one.trail.saw_list(1, None, "feed", ["a", "b"])
    assert one.trail.saw_list(7, None, "sitemap", ["a", "b"])
    again = [one.trail.saw_list(number, number - 1, "feed", ["a", "b"]) for number in range(2, 6)]
    assert again == [True, True, False, False]
    assert one.trail.saw_list(9, 5, "feed", ["c"])


# -- a visit


def test_a_visit_leaves_what_the_next_one_needs():
    one = visit()
    one.profile = {"methods": {"feed": {"x": 1}}}
    one.answered("feed", ok=True)
    one.found_new("feed")
    state = one.end(NOW)
    assert (state.new, state.last_visit, state.first_visit) == (1, NOW, NOW)
    following = visit(state)
    assert following.recognised
    assert not following.first
    assert following.ask(NOW, "feed").cursor == {"x": 1}
    assert OURS not in following.profile


def test_a_broken_off_visit_is_taken_up_again():
    one = visit(full=True)
    one.profile = {"methods": {"feed": {}}}
    one.stopped, one.unfinished = "interrupted", True
    state = one.end(NOW)
    assert state.next_due == NOW
    assert state.last_visit is None
    again = SiteVisit.begin(SITE, state, NOW + DAY, full=True, since=None)
    assert again.started == NOW


def polled(poll=3600, *, after=timedelta(hours=1), new=0, ok=True, rhythm=None):
    """The state that a visit leaves which came so long after the last, and brought so many."""
    one = visit()
    one.state = SiteState("a.example", SITE.url, last_visit=NOW - after, poll_seconds=poll)
    one.ours = {"rhythm": rhythm} if rhythm else {}
    one.answered("feed", ok=ok)
    for _ in range(new):
        one.found_new("feed")
    if not ok:
        one.failed("refused")
    return one.end(NOW)


def test_polls_follow_the_rhythm_of_a_site():
    daily = [7.0, 7 * 86400.0]
    assert polled(rhythm=daily).poll_seconds > polled(rhythm=daily, new=1).poll_seconds
    assert polled(rhythm=[350.0, 7 * 86400.0]).poll_seconds == pytest.approx(7 * 86400 / 350, rel=0.1)
    assert polled(rhythm=[1e6, 60.0]).poll_seconds == 600, "ten minutes at least"
    assert polled(after=timedelta(days=90)).poll_seconds == 86400, "a day at most"
    assert polled(ok=False).poll_seconds == 7200


def test_visits_in_quick_succession_teach_nothing():
    once = polled(after=timedelta(minutes=1), rhythm=[24.0, 86400.0]).poll_seconds
    assert once == pytest.approx(3600, rel=0.01)


def test_a_first_visit_goes_by_the_times_that_articles_state():
    one = visit()
    one.answered("feed", ok=True)
    for hours in range(1, 70):
        one.found_new("feed", NOW - timedelta(hours=2 * hours))
    assert one.end(NOW).poll_seconds == pytest.approx(2.4 * 3600, rel=0.1)


def test_a_page_that_waits_to_be_tried_again_brings_the_poll_forward():
    one = visit()
    one.answered("feed", ok=True)
    one.retry_at = NOW + timedelta(minutes=20)
    assert one.end(NOW).next_due == one.retry_at
    one.rest_until = NOW + timedelta(hours=5)
    assert one.end(NOW).next_due == one.rest_until, "a server is not asked before it wants to be"


@given(st.lists(st.tuples(st.integers(0, 10**6), st.timedeltas(timedelta(), timedelta(days=4000))), max_size=20))
def test_a_rhythm_stays_within_its_bounds(visits):
    known = Rhythm()
    for articles, elapsed in visits:
        known = Rhythm.of(known.after(articles, elapsed).stored())
        assert LEAST <= known.poll <= MOST


# -- what was asked for


def test_switches_and_dates_are_read():
    asked = Asked.read({"due": "True", "full": "0", "since": "2026-11-01"})
    assert asked.is_due()
    assert not asked.is_full()
    assert asked.since_when() == datetime(2026, 11, 1, tzinfo=UTC)
    assert Asked.read({}).since_when() is None


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"due": "perhaps"}, "due=perhaps is neither true nor false"),
        ({"since": "long ago"}, "since=long ago is no date"),
    ],
)
def test_a_switch_or_a_date_that_is_none_is_named(given, sentence):
    asked = Asked.read(given)
    with pytest.raises(ValueError, match=sentence):
        _ = asked.is_due(), asked.since_when()


def test_only_takes_names_and_hosts(tmp_path):
    file = tmp_path / "sites.toml"
    file.write_text('[[site]]\nname = "Ähre"\nurl = "http://a.example/"\n[[site]]\nurl = "http://b.example/"\n')
    asked = Asked(sites=str(file), only="a.example, b.example")
    assert [site.name for site in sites_of(asked, (), "")] == ["Ähre", "b.example"]
    with pytest.raises(ValueError, match="only=c: no such site; declared are Ähre"):
        sites_of(Asked(sites=str(file), only="c"), (), "")


def test_a_url_of_a_declared_site_is_that_site(tmp_path):
    file = tmp_path / "sites.toml"
    file.write_text('[[site]]\nname = "Ähre"\nurl = "http://a.example/"\nrole = "mirror"\n')
    (site,) = sites_of(Asked(url="https://www.a.example/,http://a.example/x"), (), str(file))
    assert (site.name, site.role) == ("Ähre", "mirror")


def test_without_arguments_the_sites_file_counts(tmp_path):
    file = tmp_path / "sites.toml"
    file.write_text('[[site]]\nurl = "http://a.example/"\n')
    assert [site.name for site in sites_of(Asked(), (), str(file))] == ["a.example"]
    with pytest.raises(ValueError, match="nothing to crawl"):
        sites_of(Asked(), (), str(tmp_path / "none.toml"))


# -- politeness


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("Sun, 01 Nov 2026 12:01:00 GMT", 60),
        ("Sun, 01 Nov 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_in_both_forms(said, seconds):
    assert retry_after(Response("http://a.example/", headers={"Retry-After": said}), NOW) == seconds


# -- what is asked for wrongly, and what goes wrong


def test_arguments_that_are_none_are_refused_but_for_spiders_of_ones_own():
    with pytest.raises(ValueError, match=r"no argument 'onyl'; do you mean only\?"):
        MirrorSpider(url="http://a.example/", onyl="a")
    with pytest.raises(ValueError, match="no argument 'x'; there are url, sites"):
        MirrorSpider(x="1")

    class Special(MirrorSpider):
        pass

    assert Special(edition="morning").edition == "morning"


@pytest.mark.parametrize(
    ("said", "reason", "told"),
    [
        ("Ignored response (200 http://a/) as its body (99 B so far) exceeded DOWNLOAD_MAXSIZE (9 B) during"
         " decompression.", SkipReason.TOO_LARGE, "larger than DOWNLOAD_MAXSIZE"),
        ("max redirections reached", SkipReason.NOT_FOUND, "redirects again and again"),
        ("Forbidden by robots.txt", SkipReason.ROBOTS, "robots.txt"),
        ("the address 10.0.0.1 is private", SkipReason.BLOCKED, "private"),
    ],
)  # fmt: skip
def test_what_middlewares_refuse_has_its_reason(said, reason, told):
    assert skip_reason(IgnoreRequest(said)) == reason
    assert told in sentence(IgnoreRequest(said))


def test_a_visit_with_nothing_to_show_says_so():
    visit = SiteVisit.begin(SITE, None, NOW, full=False, since=None)
    assert visit.remark == "no articles were found: no feed, no sitemap, and its front page shows no list of them"
    visit.profile = {"methods": {"feed": {"urls": {"http://a.example/feed": {}}}}}
    assert "its feed and its front page show none" in visit.remark
    visit.skips["not_article"] = 3
    assert "of 3 pages that were read none is one" in visit.remark
    visit.front_wall = "consent wall"
    assert visit.remark == "no articles were found: its front page is a consent wall"
    visit.counts["new"] = 1
    assert visit.remark == ""
    assert visit.end(NOW).last_error == visit.remark
    assert not visit.is_failure
    visit.found_new("listing")
    assert visit.remark == visit.end(NOW).last_error == ""


# -- dates that sites state


def looked(dates: Dates, pages: int, *, changed: bool) -> int:
    """How many of so many re-dated pages a visit looks at, all of one outcome."""
    total = 0
    while woken := min(dates.allowed(), pages - total):
        dates.tried += woken
        total += woken
        for _ in range(woken):
            dates.proved(changed=changed)
    return total


def test_dates_that_mean_nothing_are_not_believed_beyond_a_sample():
    visits, told = [], None
    for changed in (False, False, False, True, True, True, True):
        dates = Dates.read(told)
        visits.append((looked(dates, 1000, changed=changed), dates.believed))
        told = dates.told()
    assert visits == [
        (20, False), (5, False), (5, False), (1000, True), (1000, True), (1000, True), (1000, True),
    ]  # fmt: skip


def test_one_rebuild_of_an_honest_site_costs_a_sample():
    dates = Dates.read([30, 2])
    assert looked(dates, 1000, changed=False) == 20
    assert dates.believed
    assert looked(Dates.read(dates.told()), 3, changed=True) == 3


@given(st.lists(st.booleans()), st.integers(0, 100))
def test_what_is_tried_is_bounded_where_nothing_changed(outcomes, pages):
    dates = Dates()
    for changed in outcomes:
        dates.proved(changed=changed)
    again = Dates.read(dates.told())
    assert looked(again, pages, changed=False) <= 20
    assert again.changed + again.unchanged <= 40


# -- what does not end


def test_a_template_is_given_up_when_none_of_its_pages_is_an_article():
    visit = SiteVisit.begin(SITE, None, NOW, full=False, since=None)
    for day in range(20):
        assert not visit.trail.is_hopeless("http://a.example/events/2031-01-31/")
        visit.proved(f"http://a.example/events/2026-05-{day + 1:02}/", False)
    assert visit.trail.is_hopeless("http://a.example/events/2031-01-31/")
    assert not visit.trail.is_hopeless("http://a.example/news/eels-return-to-the-weir/")
    for month, goes_on in ((1, True), (2, True), (3, False)):
        shown = [f"http://a.example/events/2027-0{month}-03/"]
        assert visit.trail.saw_list(month + 1, month, "listing", shown) == goes_on
    visit.proved("http://a.example/events/2026-06-01/", True)
    assert not visit.trail.is_hopeless("http://a.example/events/2031-01-31/")


def test_session_ids_are_given_up_and_numbers_of_articles_are_not():
    visit = SiteVisit.begin(SITE, None, NOW, full=False, since=None)
    for number in range(60):
        for url, text in (
            (f"http://a.example/story/{number % 10}?sid=x{number}", f"text {number % 10}"),
            (f"http://a.example/story.php?id={number}", f"text {number}"),
        ):
            visit.proved(url, True)
            if visit.trail.first_to_say(url, text) != url:
                visit.trail.echoed(url)
    assert visit.trail.is_hopeless("http://a.example/story/3?sid=x99")
    assert not visit.trail.is_hopeless("http://a.example/story.php?id=99")

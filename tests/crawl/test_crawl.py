"""Whole crawls of the fixture web, each in a process of its own, judged by the store and by the server's log."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from crawler.frontier import UNFINISHED
from crawler.settings import CONCURRENT_REQUESTS_PER_DOMAIN
from fixtures.web import FixtureWeb
from tests.crawl.conftest import Bench

MODELS = ["dailyrelay.example", "worldbrief.example", "newsquilt.example", "quickmirror.example", "paperboy.example"]


def live(bench: Bench, host: str) -> set[str]:
    return {post["url"] for post in bench.web.posts(host) if post["state"] == "publish" and not post["page"]}


def of_host(urls: Iterable[str], host: str) -> set[str]:
    return {url for url in urls if url.startswith(f"http://{host}/")}


def test_every_article_once_and_then_only_changes(bench: Bench, new_site: Callable[..., str]) -> None:
    hosts = {model: new_site(model, posts=23) for model in MODELS}
    sites = "url=" + ",".join(f"http://{host}/" for host in hosts.values())
    run = bench.crawl(sites)
    assert run.code == 0, run.told
    assert all(item["origin"] for item in run.items)
    for model, host in hosts.items():
        assert of_host(bench.articles(), host) == live(bench, host), f"{model}: {run.told}"
        assert of_host([item["url"] for item in run.items], host) == live(bench, host), model
    first = bench.requests()
    assert [first[host]["robots"] for host in hosts.values()] == [1] * 5

    again = bench.crawl(sites)
    assert again.code == 0
    assert again.items == []
    second = bench.requests()
    for model, host in hosts.items():
        assert second[host]["pages"] <= 2, f"{model}: {again.told}"
        assert second[host]["robots"] == 0

    fresh = {url for host in hosts.values() for url in bench.web.add_posts(host, 2)}
    third = bench.crawl(sites)
    assert {item["url"] for item in third.items} == fresh
    spent = bench.requests()
    for model, host in hosts.items():
        assert spent[host]["pages"] <= 2 + 4, model


def test_an_edit_is_a_new_version(bench: Bench, new_site: Callable[..., str]) -> None:
    host = new_site("dailyrelay.example", posts=3)
    bench.crawl(f"url=http://{host}/")
    post = bench.web.posts(host)[1]
    bench.web.advance("1h")
    text = bench.web.post(host, post["url"])["text"]
    bench.web.edit_post(
        host, post["url"], text=f"{text}\n\nThe harbour office confirmed the figures on Tuesday evening."
    )
    bench.web.advance("2m")
    run = bench.crawl(f"url=http://{host}/")
    assert [item["url"] for item in run.items] == [post["url"]], run.told
    assert bench.articles()[post["url"]][1] == 2
    assert "article.changed" in {kind for (kind,) in bench.rows("SELECT kind FROM outbox")}


def test_deletions_are_told_apart(bench: Bench, new_site: Callable[..., str]) -> None:
    expected = {"404": "missing", "410": "gone", "home": "gone"}
    hosts = {how: new_site("quickmirror.example", posts=6, deleted=how) for how in expected}
    sites = "url=" + ",".join(f"http://{host}/" for host in hosts.values())
    bench.crawl(sites)
    lost = {how: bench.web.posts(host)[2]["url"] for how, host in hosts.items()}
    for how, host in hosts.items():
        bench.web.erase_post(host, lost[how])
    for _ in range(3):  # its lists tell of it, or the ladder does
        bench.web.advance("7h")
        run = bench.crawl(sites)
        found = {how: bench.rows("SELECT state FROM page WHERE url = ?", url)[0][0] for how, url in lost.items()}
        if found == expected:
            break
    assert found == expected, run.told
    told = bench.rows("SELECT kind, payload FROM outbox ORDER BY seq")
    for how, url in lost.items():
        assert bench.articles()[url][2] is (expected[how] == "gone")
        assert [kind for kind, payload in told if f'"{url}"' in payload][-1] == f"article.{expected[how]}"


def test_a_moved_page_is_known_again(bench: Bench, new_site: Callable[..., str]) -> None:
    hosts = {how: new_site("dailyrelay.example", posts=4, moved=how) for how in ("301", "404")}
    sites = "url=" + ",".join(f"http://{host}/" for host in hosts.values())
    bench.crawl(sites)
    old = {how: bench.web.posts(host)[1]["url"] for how, host in hosts.items()}
    bench.web.advance("2h")
    new = {how: bench.web.move_post(host, old[how], "zz-a-slug-of-its-own")["url"] for how, host in hosts.items()}
    bench.web.advance("2m")
    run = bench.crawl(sites)
    held = bench.articles()
    told = [payload for (payload,) in bench.rows("SELECT payload FROM outbox WHERE kind = 'article.moved'")]
    origins = {item["url"]: item["origin"] for item in run.items}
    for how in hosts:
        assert held[old[how]][2], f"{how}: {run.told}"
        assert not held[new[how]][2], how
        assert any(f'"{old[how]}"' in payload and f'"{new[how]}"' in payload for payload in told), how
        assert [line["original_url"] for line in origins[new[how]]] != [old[how]], how
        state, of = bench.rows("SELECT state, json_extract(memo, '$.of') FROM page WHERE url = ?", old[how])[0]
        assert (state, of) == ("off", new[how]), how
    bench.web.advance("2h")
    bench.requests()
    assert bench.crawl(sites).items == []
    spent = bench.requests()
    assert all(spent[host]["pages"] <= 2 for host in hosts.values())


def test_a_page_that_moved_unseen_is_held_at_its_new_address(bench: Bench, new_site: Callable[..., str]) -> None:
    host = new_site("paperboy.example", posts=14, moved="301")
    bench.crawl(f"url=http://{host}/")
    old = min(bench.web.posts(host), key=lambda post: post["published"])["url"]  # on the last page of the listing
    new = bench.web.move_post(host, old, "a-slug-of-its-own")["url"]
    for _ in range(3):  # until the ladder has asked for the old address, which redirects
        bench.web.advance("4d")
        run = bench.crawl(f"url=http://{host}/")
        held = bench.articles()
        if held[old][2]:
            break
    assert held[old][2], run.told
    assert not held[new][2], run.told
    assert held[new][0] == held[old][0]


def test_an_outage_loses_nothing(bench: Bench, new_site: Callable[..., str]) -> None:
    host = new_site("quickmirror.example", posts=6)
    bench.crawl(f"url=http://{host}/")
    before = bench.articles()
    bench.web.advance("9h")
    bench.web.fault(host, status=502)
    run = bench.crawl(f"url=http://{host}/", RETRY_TIMES="0")
    assert run.code == 3, run.told
    assert f"{host} failed" in run.told
    assert bench.articles() == before
    assert bench.rows("SELECT DISTINCT state FROM page WHERE kind = 'article'") == [("held",)]


def test_a_kill_costs_only_what_was_in_flight(bench: Bench, new_site: Callable[..., str]) -> None:
    hosts = [new_site("dailyrelay.example", posts=30), new_site("quickmirror.example", posts=30)]
    urls = ",".join(f"http://{host}/" for host in hosts)
    began = time.monotonic()
    bench.crawl(f"url={urls}")
    lasted = time.monotonic() - began
    whole = bench.articles()
    spent = bench.requests()
    single = sum(spent[host]["pages"] for host in hosts)
    assert len(whole) == 60

    killed = Bench(bench.folder / "killed", bench.web)
    killed.folder.mkdir()
    for _ in range(3):
        process = killed.start(f"url={urls}")
        time.sleep(random.uniform(0.5, 1) * lasted)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    run = killed.crawl(f"url={urls}")
    assert run.code == 0, run.told
    assert killed.articles() == whole
    assert killed.rows("SELECT count(*) FROM page WHERE owner IS NOT NULL OR wanted = 1") == [(0,)]
    assert killed.rows("SELECT count(*) FROM undecided") == [(0,)]
    spent = killed.requests()
    refetched = sum(spent[host]["pages"] for host in hosts) - single
    in_flight = len(hosts) * CONCURRENT_REQUESTS_PER_DOMAIN * UNFINISHED
    assert refetched <= 3 * (in_flight + 8), "each run may read the lists again, and what was in flight or held back"


def test_a_held_site_is_left_to_its_run(bench: Bench, new_site: Callable[..., str]) -> None:
    held, free = new_site("quickmirror.example", posts=3), new_site("quickmirror.example", posts=3)
    bench.crawl(f"url=http://{free}/")
    bench.web.fault(held, delay=100, path="^/$")
    running = bench.start(f"url=http://{held}/")
    try:
        for _ in range(600):
            if any(line["path"] == "/robots.txt" and line["host"] == held for line in bench.web.log()):
                break
            time.sleep(0.1)
        alone = bench.crawl(f"url=http://{held}/")
        assert alone.code == 75
        assert held in alone.told
        both = bench.crawl(f"url=http://{held}/,http://{free}/")
        assert both.code == 0
        assert f"{held} is held by another run" in both.told
    finally:
        running.kill()
        running.communicate()


def test_a_site_that_redirects_elsewhere_is_not_followed(bench: Bench, new_site: Callable[..., str]) -> None:
    host = new_site("quickmirror.example", posts=4)
    lost = bench.web.posts(host)[1]["url"]
    bench.web.fault(host, path=lost.split("example", 1)[1] + "$", redirect="http://elsewhere.example/ad")
    run = bench.crawl(f"url=http://{host}/")
    assert run.code == 0
    assert len(bench.articles()) == 3
    assert bench.rows("SELECT url, reason FROM skip") == [(lost, "off_site")]
    assert not [line for line in bench.web.log() if line["host"] == "elsewhere.example"]


def test_robots_are_obeyed(bench: Bench, new_site: Callable[..., str]) -> None:
    host = new_site("quickmirror.example", posts=4)
    path = bench.web.posts(host)[1]["url"].split("example", 1)[1]
    bench.web.fault(host, path="robots.txt", status=200, body=f"User-agent: *\nDisallow: {path}\n")
    run = bench.crawl(f"url=http://{host}/")
    assert run.code == 0
    assert len(bench.articles()) == 3
    assert path not in {line["path"] for line in bench.web.log() if line["host"] == host}
    assert bench.rows("SELECT reason FROM skip") == [("robots",)]


def test_a_closed_robots_file_closes_the_site(bench: Bench, new_site: Callable[..., str]) -> None:
    host = new_site("quickmirror.example", posts=4)
    bench.web.fault(host, path="robots.txt", status=503)
    run = bench.crawl(f"url=http://{host}/")
    assert run.code == 3
    assert "robots.txt answered 503" in " ".join(run.told.split())
    assert {line["path"] for line in bench.web.log() if line["host"] == host} == {"/robots.txt"}


def test_a_site_that_asks_us_to_wait_is_waited_for(bench: Bench, new_site: Callable[..., str]) -> None:
    host = new_site("quickmirror.example", posts=3)
    bench.web.fault(host, path="^/(?!robots)", status=429, retry_after=2, times=1)
    began = time.monotonic()
    run = bench.crawl(f"url=http://{host}/")
    assert run.code == 0, run.told
    assert len(bench.articles()) == 3
    assert time.monotonic() - began > 2


def test_a_site_that_always_asks_us_to_wait_is_left_alone(bench: Bench, new_site: Callable[..., str]) -> None:
    host, other = new_site("quickmirror.example", posts=3), new_site("quickmirror.example", posts=3)
    bench.web.fault(host, path="^/(?!robots)", status=429, retry_after=3600)
    run = bench.crawl(f"url=http://{host}/,http://{other}/")
    assert run.code == 0
    assert "asked us to wait" in " ".join(run.told.split())
    assert len(bench.articles()) == 3


def test_a_dead_host_does_not_stop_the_rest(bench: Bench, new_site: Callable[..., str]) -> None:
    host = new_site("quickmirror.example", posts=3)
    run = bench.crawl(
        f"url=http://gone.test/,http://10.0.0.1/,http://{host}/",
        HOST_MAP=f"{bench.web.settings['HOST_MAP']},gone.test=127.0.0.1:1",
    )
    assert run.code == 3, "two of three failed"
    told = " ".join(run.told.split())
    assert "gone.test failed: http://gone.test/ could not be fetched: the connection was refused" in told
    assert "10.0.0.1 is not a global address" in told
    assert len(bench.articles()) == 3


@pytest.mark.browser
def test_a_site_that_renders_by_script(bench: Bench, new_site: Callable[..., str]) -> None:
    host = new_site("glasspane.example", posts=5)
    wanted = {post["url"] for post in bench.web.posts(host)}
    run = bench.crawl(f"url=http://{host}/")
    assert run.code == 0, run.told
    assert set(bench.articles()) == wanted, run.told
    again = bench.crawl(f"url=http://{host}/")
    assert again.items == []


class Listener(BaseHTTPRequestHandler):
    heard: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.heard.append(self.path)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


class OnIpv6(ThreadingHTTPServer):
    address_family = socket.AF_INET6


@pytest.fixture
def inside() -> Iterator[int]:
    """A server at an address that the run is not allowed to reach; Listener.heard tells who reached it."""
    try:
        server = OnIpv6(("::1", 0), Listener)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Listener.heard.clear()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.browser
def test_a_pages_script_stays_outside(bench: Bench, new_site: Callable[..., str], inside: int) -> None:
    host = new_site("quickmirror.example", posts=2)
    url = bench.web.posts(host)[0]["url"]
    script = f"""<script>
        for (const way of ["http://[::1]:{inside}/fetched", "http://10.1.2.3/", "http://{host}/marker.json"])
            fetch(way, {{mode: "no-cors"}}).catch(() => 0);
        new Image().src = "http://[::1]:{inside}/image";
        new WebSocket("ws://[::1]:{inside}/socket");
    </script><iframe src="http://[::1]:{inside}/frame"></iframe>"""
    body = f"<html><head><title>Ferries</title></head><body><h1>Ferries</h1><p>Late again.</p>{script}"
    bench.web.fault(host, path=url.split("example", 1)[1] + "$", status=200, body=body)
    bench.web.fault(host, path="marker.json", status=200, body="{}")
    sites = bench.folder / "some.toml"
    sites.write_text(f'[[site]]\nurl = "http://{host}/"\nrender = true\n')
    run = bench.crawl(f"sites={sites}", ALLOWED_NETWORKS="127.0.0.1/32")
    assert run.code == 0, run.told
    assert "/marker.json" in {line["path"] for line in bench.web.log()}, "the script ran"
    assert Listener.heard == []


def test_without_a_browser_it_says_what_to_install(bench: Bench, new_site: Callable[..., str]) -> None:
    host = new_site("glasspane.example", posts=2)
    run = bench.crawl(f"url=http://{host}/", BROWSER_EXECUTABLE="/nowhere/chromium")
    assert run.code == 3
    assert "apt-get install chromium" in " ".join(run.told.split())


@pytest.mark.parametrize("model", ["quickmirror.example", "dailyrelay.example"])
def test_a_site_that_gets_a_name_goes_on(bench: Bench, new_site: Callable[..., str], model: str) -> None:
    host = new_site(model, posts=6)
    assert bench.crawl(f"url=http://{host}/").code == 0
    bench.requests()
    sites = bench.folder / "named.toml"
    sites.write_text(f'[[site]]\nname = "Tidewater"\nurl = "http://{host}/"\nrole = "mirror"\n')
    (fresh,) = bench.web.add_posts(host, 1)
    named = bench.crawl(f"sites={sites}")
    assert [(item["url"], item["site"]) for item in named.items] == [(fresh, "Tidewater")], named.told
    assert f"{host} is called Tidewater now" in named.told
    assert bench.requests()[host]["pages"] <= 4, named.told
    assert {site for (site,) in bench.rows("SELECT DISTINCT site FROM article UNION SELECT site FROM page")} == {
        "Tidewater"
    }
    assert bench.rows("SELECT name FROM site") == [("Tidewater",)]
    (last,) = bench.web.add_posts(host, 1)
    by_address = bench.crawl(f"url=http://{host}/")
    assert [(item["url"], item["site"]) for item in by_address.items] == [(last, "Tidewater")], by_address.told
    assert bench.rows("SELECT name, role FROM site") == [("Tidewater", "mirror")]


def test_due_sites_only(bench: Bench, new_site: Callable[..., str]) -> None:
    one, two = new_site("quickmirror.example", posts=2), new_site("quickmirror.example", posts=2)
    bench.crawl(f"url=http://{one}/")
    bench.web.clear_log()
    run = bench.crawl(f"url=http://{one}/,http://{two}/", "due=true")
    assert run.code == 0
    assert {line["host"] for line in bench.web.log()} == {two}
    quiet = bench.crawl(f"url=http://{one}/", "due=true")
    assert quiet.code == 0
    assert "no site is due" in quiet.told
    bench.web.advance("25h")  # the longest poll there is
    bench.crawl(f"url=http://{one}/", "due=true")
    assert bench.requests()[one]["pages"] > 0


def test_full_reads_all_lists_again_and_no_article(bench: Bench, new_site: Callable[..., str]) -> None:
    host = new_site("worldbrief.example", posts=25)
    bench.crawl(f"url=http://{host}/")
    first = bench.requests()[host]["pages"]
    run = bench.crawl(f"url=http://{host}/", "full=true")
    assert run.items == []
    assert 3 <= bench.requests()[host]["pages"] <= first - 25 + 2


def test_since_leaves_older_articles_alone(bench: Bench, new_site: Callable[..., str]) -> None:
    host = new_site("dailyrelay.example")
    bench.web.add_posts(host, 10, spacing="1d")
    now = bench.web.now()
    run = bench.crawl(f"url=http://{host}/", f"since={(now - timedelta(days=4)).date()}")
    assert run.code == 0, run.told
    assert 3 <= len(run.items) <= 6


SPECIAL = """
import json
from crawler.discovery.base import Found, Link
from crawler.sites import Site
from crawler.spiders.mirror import MirrorSpider

class ArchiveSpider(MirrorSpider):
    name = "archive"
    declared_sites = (Site(name="Archive", url="http://{host}/", role="mirror"),)

    def seeds(self, visit):
        index = Link("http://{host}/archive.json", kind="list", method="archive", poll=True)
        return [index] if visit.round == 0 else []

    async def find(self, visit, link, fetched):
        return Found(articles=tuple(Link(url, method="archive") for url in json.loads(fetched.body)))
"""


def test_a_special_site_is_a_file_of_some_lines(bench: Bench, new_site: Callable[..., str]) -> None:
    host = new_site("quickmirror.example", posts=3)
    urls = [post["url"] for post in bench.web.posts(host)][:2]
    (bench.folder / "special.py").write_text(SPECIAL.format(host=host))
    body = "[" + ",".join(f'"{url}"' for url in urls) + "]"
    bench.web.fault(host, path="archive.json", status=200, body=body, headers={"Content-Type": "application/json"})
    run = bench.crawl(spider="archive", SPIDER_MODULES="special")
    assert run.code == 0, run.told
    assert {item["url"] for item in run.items} == set(urls)
    assert {item["site"] for item in run.items} == {"Archive"}


def test_an_interrupted_crawl_goes_on_where_it_stopped(bench: Bench, new_site: Callable[..., str]) -> None:
    host = new_site("quickmirror.example", posts=40)
    bench.web.fault(host, path="^/news/", delay=0.3)
    running = bench.start(f"url=http://{host}/")
    for _ in range(1500):
        if sum("/news/" in line["path"] for line in bench.web.log()) >= 4:
            break
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130, told
    assert "interrupted" in told
    some = bench.articles()
    assert 0 < len(some) < 40
    assert bench.rows("SELECT count(*) FROM page WHERE owner IS NOT NULL") == [(0,)]
    bench.web.clear_faults()
    run = bench.crawl(f"url=http://{host}/")
    assert {item["url"] for item in run.items} == live(bench, host) - set(some)


@pytest.mark.parametrize("moment", [0.2, 0.6])
def test_ctrl_c_in_a_terminal_reaches_all_processes(
    bench: Bench, new_site: Callable[..., str], moment: float, started_in: float
) -> None:
    """A terminal sends it to all of them, also to those that still load what they need."""
    host = new_site("quickmirror.example", posts=12)
    bench.web.fault(host, path="^/news/", delay=0.5)
    running = subprocess.Popen(
        bench.command(f"url=http://{host}/"), cwd=bench.folder, env=bench.environment(), text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
        # what a shell runs in the background inherits that it ignores Ctrl-C
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    time.sleep(0.3 + moment * started_in)  # an interpreter that is just starting cannot know better
    os.killpg(running.pid, signal.SIGINT)
    _, told = running.communicate(timeout=60)
    # Python ends by the signal itself where it came while the code of a dataclass was made: 130 for a shell, too
    assert running.returncode in (130, -signal.SIGINT), told
    assert "Traceback" not in told
    assert "interrupted" in told
    bench.web.clear_faults()
    assert bench.crawl(f"url=http://{host}/").code == 0
    assert set(bench.articles()) == live(bench, host)


@pytest.fixture(scope="module")
def started_in(web: FixtureWeb, tmp_path_factory: pytest.TempPathFactory) -> float:
    """Seconds until a crawl asks for its first page."""
    web.clear_log()
    bench = Bench(tmp_path_factory.mktemp("started"), web)
    began = time.monotonic()
    process = bench.start("url=http://quickmirror.example/")
    while not web.log():
        assert process.poll() is None
        time.sleep(0.05)
    lasted = time.monotonic() - began
    process.kill()
    process.communicate()
    return lasted


def test_a_budget_is_kept_and_the_next_visit_goes_on(bench: Bench, new_site: Callable[..., str]) -> None:
    host = new_site("quickmirror.example", posts=20)
    run = bench.crawl(f"url=http://{host}/", SITE_MAX_PAGES="15")
    assert run.code == 0
    assert "budget" in run.told
    assert bench.requests()[host]["pages"] <= 15 + 2
    bench.crawl(f"url=http://{host}/")
    assert set(bench.articles()) == live(bench, host)


def test_endless_calendars_end(bench: Bench, new_site: Callable[..., str]) -> None:
    host = new_site("paperboy.example", posts=6)
    links = "".join(f'<a href="/calendar/?month={{n}}-{day}">{day}</a> ' for day in range(1, 9))
    calendar = (
        f'<html><body><h1>Calendar</h1>{links}<a rel="next" href="/calendar/?month=next{{n}}">Next</a></body></html>'
    )
    for number in range(3):
        bench.web.fault(host, path=f"month=.*{number}$", status=200, body=calendar.replace("{n}", f"{number}x{number}"))
    bench.web.fault(host, path="^/calendar/", status=200, body=calendar.replace("{n}", "9"))
    run = bench.crawl(f"url=http://{host}/")
    assert run.code == 0
    assert set(bench.articles()) == live(bench, host), run.told
    assert bench.requests()[host]["pages"] < 60

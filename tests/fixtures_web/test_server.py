"""The server itself: hosts, keep-alive, faults, the log, the clock, its end."""

from __future__ import annotations

import html
import http.client
import socket
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from crawler.clock import parse_clock
from fixtures.content import START, at, load, url
from fixtures.web import FixtureWeb
from tests.fixtures_web.conftest import Get, path_of


def test_every_post_of_the_content_answers_under_its_url(web: FixtureWeb, get: Get) -> None:
    there = [post for one in load() if (post := at(one, web.now() - START)) is not None]
    assert len(there) > 60
    for post in there:
        answer = get(post.host, path_of(url(post)))
        assert answer.status == 200, url(post)
        text = html.unescape(answer.text)
        if post.host == "glasspane.example":
            assert post.title not in text
            text = "\n".join(one["text"] for one in get(post.host, f"/api/posts/{post.slug}").json["blocks"])
        assert [block.text for block in post.blocks if block.text not in text] == []


def test_an_unknown_host_is_404(get: Get) -> None:
    assert get("nobody.example").status == 404


def test_www_leads_to_the_bare_name(get: Get) -> None:
    answer = get("www.dailyrelay.example", "/x/?a=1")
    assert (answer.status, answer.headers["Location"]) == (301, "http://dailyrelay.example/x/?a=1")


def test_one_connection_serves_many_requests_and_hosts(web: FixtureWeb) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=5)
    connection.connect()
    socket_before = connection.sock
    for host in ("paperboy.example", "nordpost.example", "paperboy.example"):
        connection.request("GET", "/", headers={"Host": host})
        assert connection.getresponse().read()
    assert connection.sock is socket_before
    connection.close()


def test_a_proxys_absolute_form_and_head_work(web: FixtureWeb) -> None:
    with socket.create_connection(("127.0.0.1", web.port), 5) as raw:
        raw.sendall(b"HEAD http://paperboy.example/about.html HTTP/1.1\r\nConnection: close\r\n\r\n")
        text = b"".join(iter(lambda: raw.recv(65536), b""))
    head, _, body = text.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert body == b""


def test_gzip_only_where_it_is_taken(get: Get) -> None:
    assert get("paperboy.example").headers["Content-Encoding"] is None
    zipped = get("paperboy.example", Accept_Encoding="gzip, deflate")
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.body[:2] == b"\x1f\x8b"


def test_log_counts_redirects_and_not_the_levers(web: FixtureWeb, get: Get) -> None:
    get("www.paperboy.example", User_Agent="a test")
    get("paperboy.example", "/robots.txt")
    log = web.log()
    assert [(line["host"], line["path"], line["status"]) for line in log] == [
        ("www.paperboy.example", "/", 301),
        ("paperboy.example", "/robots.txt", 404),
    ]
    assert log[0]["user_agent"] == "a test"
    assert len(web.log(robots=False)) == 1
    web.clear_log()
    assert web.log() == []


def test_clock_ticks_and_is_put_forward(web: FixtureWeb) -> None:
    clock = parse_clock(web.settings["CLOCK"])
    before = web.now()
    assert abs(clock() - before) < timedelta(seconds=2)
    assert timedelta(minutes=90) <= web.advance("1h30m") - before < timedelta(minutes=91)
    time.sleep(0.05)
    assert web.now() > before + timedelta(minutes=90, seconds=0.05)
    with pytest.raises(ValueError, match="no duration"):
        web.advance("soon")


def test_levers_refuse_in_a_sentence(web: FixtureWeb) -> None:
    with pytest.raises(ValueError, match=r"no site nowhere\.example"):
        web.add_posts("nowhere.example", 1)
    with pytest.raises(ValueError, match="no post '99'"):
        web.trash_post("paperboy.example", "99")
    with pytest.raises(ValueError, match="none of the nine"):
        web.add_site("x.example", "nobody.example")


# -- faults


def test_status_for_a_number_of_times_with_retry_after(web: FixtureWeb, get: Get) -> None:
    web.fault("paperboy.example", "^/about", status=503, retry_after=7, times=2)
    answers = [get("paperboy.example", "/about.html") for _ in range(3)]
    assert [answer.status for answer in answers] == [503, 503, 200]
    assert answers[0].headers["Retry-After"] == "7"
    assert get("paperboy.example").status == 200


def test_headers_are_replaced_and_dropped(web: FixtureWeb, get: Get) -> None:
    web.fault("*.example", headers={"content-type": "application/pdf", "Date": None, "X-Odd": "1"})
    answer = get("nordpost.example")
    assert (answer.headers["Content-Type"], answer.headers["X-Odd"]) == ("application/pdf", "1")
    assert answer.headers["ETag"]


def test_delay_and_drip_take_their_time(web: FixtureWeb, get: Get) -> None:
    web.fault("paperboy.example", delay=0.2, times=1)
    began = time.monotonic()
    get("paperboy.example")
    assert time.monotonic() - began >= 0.2
    web.fault("paperboy.example", drip=0.05, drip_size=4, body="x" * 20, times=1)
    began = time.monotonic()
    assert get("paperboy.example").body == b"x" * 20
    assert time.monotonic() - began >= 0.2


def test_truncated_body_and_dropped_connection(web: FixtureWeb, get: Get) -> None:
    web.fault("paperboy.example", truncate=100, times=1)
    with pytest.raises(http.client.IncompleteRead):
        get("paperboy.example")
    web.fault("paperboy.example", drop=True, times=1)
    with pytest.raises(http.client.RemoteDisconnected):
        get("paperboy.example")
    assert [line["status"] for line in web.log()] == [200, 0]


def test_redirects_that_never_end(web: FixtureWeb, get: Get) -> None:
    web.fault("paperboy.example", "^/loop", redirect="http://paperboy.example/loop{n}")
    assert [get("paperboy.example", "/loop").headers["Location"][-5:] for _ in range(2)] == ["loop1", "loop2"]


# -- the process


def test_server_ends_with_who_started_it() -> None:
    program = (
        "from fixtures.web import FixtureWeb; import os; print(FixtureWeb().start().port, flush=True); os._exit(1)"
    )
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)
    port = int(out.stdout)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return
        time.sleep(0.05)
    pytest.fail("the server still answers")


def test_empty_web_has_the_sites_and_no_posts() -> None:
    with FixtureWeb(content=False) as web:
        assert web.posts("kestrel-times.example") == []
        assert abs(web.now() - START) < timedelta(seconds=10)

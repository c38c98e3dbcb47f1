from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from greywick import NOON, PUBLISHERS, World
from lxml import html

from crawler.attribution.arrivals import Arrival
from crawler.attribution.linker import Linker
from crawler.items import Verdict
from crawler.report import ReportError, Scope, dossier_page, make_dossier, site, write_report
from crawler.report.matrix import make_matrix
from crawler.storage import open_store


def write(world: World, folder: Path, **options: object) -> dict[str, html.HtmlElement]:
    write_report(world.store, folder, now=NOON, **options)  # type: ignore[arg-type]
    return pages_of(folder)


def pages_of(folder: Path) -> dict[str, html.HtmlElement]:
    return {str(p.relative_to(folder)): html.fromstring(p.read_bytes()) for p in sorted(folder.rglob("*.html"))}


def text_of(page: html.HtmlElement) -> str:
    return " ".join(page.text_content().split())


def test_stories_and_who_copied(world: World, tmp_path: Path) -> None:
    pages = write(world, tmp_path / "out")
    (story,) = [name for name in pages if name.startswith("stories/")]
    assert set(pages) == {"index.html", "sites.html", story}
    assert pages["index.html"].xpath(f"//ol[@class='stories']//a[@href='{story}']")
    told = text_of(pages[story])
    for wanted in ("The Greywick Paper", "3 copies", "second.example", "+3 h", "Ten mud flats"):
        assert wanted in told
    marks = pages[story].xpath("//article[contains(@class, 'page')]//mark")
    assert "harbour council" in " ".join(one.text_content() for one in marks)
    alone = pages[story].xpath("//article[contains(@class, 'page')]//p[@class='alone']")
    assert any("Ten mud flats" in one.text_content() for one in alone)
    assert "paper.example" in text_of(pages["sites.html"])


def test_every_link_leads_somewhere(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    for name, page in write(world, folder).items():
        ids = {one.get("id") for one in page.xpath("//*[@id]")}
        for href in page.xpath("//a/@href"):
            parts = urlsplit(href)
            if parts.scheme:
                assert parts.scheme in ("http", "https")
                continue
            if parts.path:
                assert (folder / name).parent.joinpath(parts.path).resolve().is_file(), href
            else:
                assert parts.fragment in ids, href


def test_nothing_is_fetched_and_no_strangers_code_can_run(world: World, tmp_path: Path) -> None:
    for page in write(world, tmp_path / "out").values():
        (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        (script,) = page.xpath("//script[not(@type)]/text()")
        (style,) = page.xpath("//style/text()")
        for source in (script, style):
            digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy
        assert not page.xpath("//img | //iframe | //object | //embed | //form | //base | //script[@src]")
        assert not page.xpath("//link[not(starts-with(@href, 'data:'))]")
        assert not page.xpath("//@*[starts-with(name(), 'on')] | //@style")
        assert "url(" not in style
        assert "\x1b" not in html.tostring(page, encoding="unicode")


def test_what_a_page_says_is_shown_as_text(world: World, tmp_path: Path) -> None:
    pages = write(world, tmp_path / "out")
    (story,) = [page for name, page in pages.items() if name.startswith("stories/")]
    assert "<img src=x onerror=alert(1)>" in text_of(story)
    assert '<script>alert("x")</script>' in text_of(story)


def test_the_searched_list_is_the_list(world: World, tmp_path: Path) -> None:
    page = write(world, tmp_path / "out")["index.html"]
    (data,) = page.xpath("//script[@type='application/json']/text()")
    (entry,) = json.loads(data)
    assert (tmp_path / "out" / "stories" / entry["file"]).is_file()
    assert set(entry["sites"]) == {"mirror.example", "second.example"}
    shown = {option.text for option in page.xpath("//select[@id='f-kind']/option")}
    assert set(entry["kinds"]) <= shown


def test_long_stories_and_lists_are_split(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "CASES_A_PAGE", 1)
    pages = write(world, tmp_path / "out")
    stories = [name for name in pages if name.startswith("stories/")]
    assert len(stories) == 3
    first = min(stories, key=len)
    links = pages[first].xpath("//table//td[1]/a/@href")
    assert len({link.partition("#")[0] for link in links}) == 3
    for link in links:
        name, _, fragment = link.partition("#")
        assert pages[f"stories/{name}"].xpath(f"//*[@id='{fragment}']")


def test_a_story_with_too_many_copies_says_so(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "COPIES_A_STORY", 2)
    (story,) = [page for name, page in write(world, tmp_path / "out").items() if name.startswith("stories/")]
    assert "the first 2 are shown" in text_of(story)


def test_only_what_was_asked_for(world: World, tmp_path: Path) -> None:
    index = write(world, tmp_path / "out", scope=Scope(site="second.example"))["index.html"]
    assert "Only copies by second.example." in text_of(index)
    assert index.xpath("//dl/div[dt='Copies']/dd/text()") == ["1"]


def test_an_earlier_report_is_replaced_and_others_files_stay(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    before = set(write(world, folder))
    (folder / "notes.txt").write_text("mine")
    (folder / "stories" / "mine.html").write_text("<p>mine</p>")
    after = set(write(world, folder, limit=0 + 1, scope=Scope(site="third.example")))
    assert before - after
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "stories" / "mine.html").exists()
    assert "No copy has been found" in text_of(pages_of(folder)["index.html"])


def test_a_failure_leaves_the_old_index(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "out"
    write(world, folder)
    before = (folder / "index.html").read_bytes()

    def broken(*_: object, **__: object) -> str:
        raise RuntimeError("power cut")

    monkeypatch.setattr(site, "make_matrix", broken)
    with pytest.raises(RuntimeError):
        write_report(world.store, folder, now=NOON)
    assert (folder / "index.html").read_bytes() == before
    assert not list(folder.rglob("*.part"))


def test_somebody_elses_folder_is_refused(world: World, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>My home page</title>")
    with pytest.raises(ReportError, match="not written by this program"):
        write_report(world.store, tmp_path, now=NOON)
    with pytest.raises(ReportError, match="cannot be written"):
        write_report(world.store, tmp_path / "index.html" / "x", now=NOON)


def test_an_empty_store_has_a_report_too(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/empty.db")
    written = write_report(store, tmp_path / "out", now=NOON)
    store.close()
    assert written.stories == 0
    assert "Nothing to show yet" in text_of(pages_of(tmp_path / "out")["index.html"])


def test_a_dossier_is_one_file(world: World) -> None:
    for url in (world.verbatim, world.nasty, world.alone, world.original):
        dossier = make_dossier(world.store, url)
        assert dossier is not None
        page = html.fromstring(dossier_page(dossier, NOON))
        assert not [href for href in page.xpath("//a/@href") if not re.match(r"#|https?:", href)]
        assert dossier.article.text.split()[0] in text_of(page) or url == world.alone


def test_the_matrix_keeps_what_is_most() -> None:
    flows = {(f"source {n}", f"site {n % 60}"): n for n in range(1, 200)}
    matrix = make_matrix(flows)
    assert len(matrix.rows) == 40
    assert len(matrix.columns) == 24
    assert matrix.rows[0].name == "source 199"
    assert matrix.rows[0].total == 199
    shown = sum(bool(cell.number) for row in matrix.rows for cell in row.cells)
    assert shown + matrix.left_out == len(flows)
    assert max(cell.heat for row in matrix.rows for cell in row.cells) == 5


def test_siblings_have_no_original_among_them(fresh_world: World, tmp_path: Path) -> None:
    store = fresh_world.store
    ids = store.articles.ids([fresh_world.original, fresh_world.verbatim, fresh_world.excerpt])

    def line(url: str, **fields: object) -> Verdict:
        site = url.split("/")[2]
        return Verdict(url=url, site=site, story="wire", publisher="Harbour Wire", **fields)  # type: ignore[arg-type]

    with store.transaction():
        for url in (fresh_world.original, fresh_world.verbatim):
            store.verdicts.replace({ids[url]: [line(url, status="sibling", confidence=0.9)]})
        copy = line(fresh_world.excerpt, status="repost", relation="excerpt", original_url=fresh_world.original)
        store.verdicts.replace({ids[fresh_world.excerpt]: [copy]})
    pages = write(fresh_world, tmp_path / "out")
    told = text_of(pages["stories/wire.html"])
    assert "One upstream" in told
    assert "First print" not in told
    assert "from Harbour Wire" in told
    index = pages["index.html"]
    figures = {row.findtext("dt"): row.findtext("dd") for row in index.xpath("//dl/div")}
    assert figures["Copies"] == "2"  # the excerpt, and the hostile page of the other story


def test_a_copy_of_that_day_is_not_called_earlier(fresh_world: World, tmp_path: Path) -> None:
    held = fresh_world.store.articles.get(fresh_world.excerpt)
    assert held is not None
    midnight = replace(held.article, published_at=NOON - timedelta(hours=12), published_precision="day")
    Linker(fresh_world.store, publishers=PUBLISHERS, now=lambda: NOON).link([Arrival(midnight)])
    pages = write(fresh_world, tmp_path / "out")
    (story,) = [page for name, page in pages.items() if name.startswith("stories/")]
    assert "same day" in text_of(story)
    assert "although dated" not in text_of(story)
    assert not story.xpath("//*[@class='early']")

"""The scorer itself: each way to be right and each way to be wrong counts once."""

from __future__ import annotations

from typing import Any

from fixtures.score import PLAIN_COPIES, Score, order, read_truth, score, total

A, B, C, D = (f"http://{name}.example/x" for name in "abcd")


def true(
    url: str, kind: str, status: str | None = "repost", original: str | None = None, **more: Any
) -> dict[str, Any]:
    return {"url": url, "kind": kind, "status": status, "original_url": original, "publisher": None,
            "relation": "verbatim"} | more  # fmt: skip


def said(url: str, status: str = "repost", original: str | None = None, **more: Any) -> dict[str, Any]:
    return {"url": url, "status": status, "original_url": original, "publisher": None, "relation": "verbatim"} | more


def test_the_truth_told_back_scores_one_everywhere() -> None:
    truth = read_truth()
    scores = score(truth, [line | {"status": line["status"] or "unknown"} for line in truth])
    whole = total(scores)
    assert (whole.recall, whole.precision, whole.direction, whole.relation) == (1, 1, 1, 1)
    assert whole.pages == len({line["url"] for line in truth})
    assert set(order(scores)) == set(scores) >= set(PLAIN_COPIES)


def test_nothing_said_reaches_nothing() -> None:
    whole = total(score(read_truth(), []))
    assert (whole.recall, whole.precision, whole.direction, whole.claimed) == (0, None, None, 0)


def test_wrong_original_is_missed_and_false() -> None:
    one = score([true(A, "verbatim", original=B)], [said(A, original=C)])["verbatim"]
    assert (one.recall, one.precision, one.direction) == (0, 0, None)
    assert (len(one.missed), len(one.false)) == (1, 1)


def test_reversed_pair_is_linked_the_wrong_way() -> None:
    truth = [true(A, "verbatim", original=B), true(B, "original", "original")]
    scores = score(truth, [said(B, original=A)])
    assert (scores["verbatim"].recall, scores["verbatim"].direction) == (0, 0)
    assert (scores["original"].precision, scores["original"].recall) == (0, None)


def test_both_ways_at_once_is_no_direction() -> None:
    truth = [true(A, "verbatim", original=B), true(B, "original", "original")]
    assert score(truth, [said(A, original=B), said(B, original=A)])["verbatim"].direction == 0


def test_unknown_claims_nothing() -> None:
    one = score([true(A, "verbatim", original=B)], [said(A, "unknown", B)])["verbatim"]
    assert (one.claimed, one.found, one.pairs) == (0, 0, 0)


def test_each_source_of_a_roundup_counts_and_extra_ones_are_false() -> None:
    truth = [true(A, "roundup", original=url, relation="roundup") for url in (B, C)]
    one = score(truth, [said(A, original=B, relation="roundup"), said(A, original=D, relation="excerpt")])["roundup"]
    assert (one.pages, one.recall, one.precision, one.direction, one.relation) == (1, 0.5, 0.5, 1, 1)


def test_the_same_link_said_twice_is_right_once() -> None:
    one = score([true(A, "verbatim", original=B)], [said(A, original=B), said(A, original=B)])["verbatim"]
    assert (one.recall, one.precision) == (1, 0.5)


def test_original_not_held_needs_the_publishers_name_and_no_url() -> None:
    truth = [true(A, "source_not_held", publisher="The Orchard Review")]
    assert score(truth, [said(A, publisher="Orchard Review")])["source_not_held"].recall == 1
    assert score(truth, [said(A, publisher="Coastal Inquirer")])["source_not_held"].recall == 0
    assert score(truth, [said(A, original=B, publisher="The Orchard Review")])["source_not_held"].recall == 0


def test_siblings() -> None:
    truth = [true(url, "same_agency", "sibling", publisher="Wire", relation=None) for url in (A, B)]
    good = score(truth, [said(url, "sibling", publisher="Wire", relation=None) for url in (A, B)])["same_agency"]
    assert (good.recall, good.precision, good.direction, good.relation) == (1, 1, 1, 1)
    copied = score(truth, [said(A, original=B)])["same_agency"]
    assert (copied.recall, copied.precision, copied.direction) == (0, 0, 0)


def test_a_link_from_a_near_miss_or_a_stranger_is_false() -> None:
    scores = score(
        [true(A, "same_topic", "original"), true(B, "thin", None)], [said(A, original=B), said(D, original=A)]
    )
    assert scores["same_topic"].to_dict()["false_links"] == 1
    assert scores["thin"].precision is None
    assert scores["not in the truth"].precision == 0
    assert total(scores).claimed == 2


def test_urls_are_compared_as_the_crawl_writes_them() -> None:
    one = score(
        [true("http://a.example/%d8%a7/", "verbatim", original=B)], [said("http://A.example:80/%D8%A7/", original=B)]
    )
    assert one["verbatim"].recall == 1


def test_scores_add_up() -> None:
    both = Score(pages=1, wanted=2, found=1, missed=["x"]) + Score(pages=2, wanted=2, found=2)
    assert (both.pages, both.recall, both.missed) == (3, 0.75, ["x"])

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.commands import options, output
from crawler.commands.base import CommandError
from crawler.commands.output import Column
from crawler.report.words import clean

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
COLUMNS = (Column("page", wide=True), Column("source", below="←"), Column("copied", right=True))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_piped_table_is_plain_whole_and_aligned() -> None:
    stream = io.StringIO()
    output.write_table(COLUMNS, [("a" * 150, "x", "5 %"), ("中文", "y\tz\nw", "100 %")], stream)
    header, first, second = stream.getvalue().splitlines()
    assert header.split() == ["page", "source", "copied"]
    assert "a" * 150 in first
    assert second.split() == ["中文", "y", "z", "w", "100", "%"]
    assert first.endswith("  5 %")


def test_no_table_lets_a_stranger_steer_the_terminal() -> None:
    for stream in (io.StringIO(), Terminal()):
        output.write_table(COLUMNS, [("\x1b[31mred\x1b]0;title\x07", "[bold]x[/bold]", "\u202e")], stream)
        told = stream.getvalue()
        assert "\x1b[31m" not in told
        assert "\x07" not in told
        assert "\u202e" not in told
        assert "[bold]x[/bold]" in told


def test_on_a_terminal_the_source_stands_below(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    stream = Terminal()
    output.write_table(COLUMNS, [("page.example/" + "x" * 80, "paper.example", "5 %")], stream)
    assert "←paper.example" in stream.getvalue()
    assert "x" * 20 in stream.getvalue()


def test_a_table_of_many_rows_has_one_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "_PORTION", 10)
    stream = io.StringIO()
    output.write_table(COLUMNS, ((str(n), "", "") for n in range(35)), stream)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 36
    assert [line for line in lines if line.startswith("page")] == lines[:1]


def test_json_lines_keep_every_script_and_no_control_character() -> None:
    stream = io.StringIO()
    output.write_jsonl([{"a": "中文 \x9b31m\u202e\x1b"}], stream)
    assert stream.getvalue() == '{"a": "中文 \\u009b31m\\u202e\\u001b"}\n'
    assert json.loads(stream.getvalue()) == {"a": "中文 \x9b31m\u202e\x1b"}


@given(st.lists(st.fixed_dictionaries({"a": st.text(), "b": st.none() | st.integers(), "c": st.lists(st.text())})))
def test_csv_gives_back_what_it_was_given(records: list[dict[str, object]]) -> None:
    stream = io.StringIO(newline="")
    output.write_csv(records, ("a", "b", "c"), stream)
    rows = list(csv.DictReader(io.StringIO(stream.getvalue(), newline="")))
    for row, record in zip(rows, records, strict=True):
        assert row["a"].removeprefix("'") == clean(str(record["a"])).removeprefix("'")
        assert row["a"][:1] not in tuple("=+-@\t\r")
        assert json.loads(row["c"]) == record["c"]


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("7d", NOW - timedelta(days=7)),
        ("12h", NOW - timedelta(hours=12)),
        ("90m", NOW - timedelta(minutes=90)),
        ("2w", NOW - timedelta(weeks=2)),
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T10:00+02:00", datetime(2026, 11, 1, 8, tzinfo=UTC)),
        (None, None),
    ],
)
def test_since(told: str | None, moment: datetime | None) -> None:
    assert options.since(told, NOW) == moment


@pytest.mark.parametrize("told", ["yesterday", "7y", "-1d", "999999w", "2026-13-01", "7d7d"])
def test_since_is_refused_with_a_sentence(told: str) -> None:
    with pytest.raises(CommandError, match="give a date such as"):
        options.since(told, NOW)


def test_shares_and_numbers() -> None:
    assert options.share("0.25", "--x") == 0.25
    assert options.positive("3", "--x") == 3
    for wrong in ("1.1", "-0", "x", "nan", ""):
        if wrong != "-0":
            with pytest.raises(CommandError, match="from 0 to 1"):
                options.share(wrong, "--x")
    for wrong in ("0", "-1", "x", "1.5", "9" * 20):
        with pytest.raises(CommandError, match="whole number"):
            options.positive(wrong, "--x")

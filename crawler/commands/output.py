"""Rows on stdout: a table for people, JSON lines or CSV for programs."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TextIO

from crawler.report.words import CONTROL, clean, one_line

Format = Literal["table", "jsonl", "csv"]
FORMATS: tuple[Format, ...] = ("table", "jsonl", "csv")

_PORTION = 1000
"""Rows whose widths are measured together: a table of a million rows is written as it is read."""
_GAP = "  "
_FORMULA = re.compile(r"[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table for people. `wide` ones share what width a terminal has left and fold into lines."""

    title: str
    right: bool = False
    wide: bool = False
    below: str = ""
    """On a terminal: stands under the first column's cell, after this sign, instead of beside it."""


def data_stream() -> TextIO:
    """stdout in UTF-8, whatever the locale: what is piped is read by programs."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    return sys.stdout


def write_records(form: Format, records: Iterable[Mapping[str, Any]], names: Sequence[str], stream: TextIO) -> None:
    """Records for programs, with their fields in the order of `names`."""
    if form == "csv":
        write_csv(records, names, stream)
    else:
        write_jsonl(records, stream)


def write_jsonl(records: Iterable[Mapping[str, Any]], stream: TextIO) -> None:
    """One JSON object a line, keys in their order."""
    for record in records:
        stream.write(json_line(record) + "\n")


def json_line(value: Any) -> str:
    """JSON on one line, readable in every script; what a terminal would obey is escaped."""
    return CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def write_csv(records: Iterable[Mapping[str, Any]], names: Sequence[str], stream: TextIO) -> None:
    """CSV with a header. Lists and objects are JSON; what a spreadsheet takes for a formula gets an apostrophe."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    for record in records:
        writer.writerow([_cell(record.get(name)) for name in names])


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        return json_line(value)
    if not isinstance(value, str):
        return "" if value is None else value
    value = clean(value)
    return f"'{value}" if _FORMULA.match(value) else value


def write_table(columns: Sequence[Column], rows: Iterable[Sequence[str]], stream: TextIO) -> None:
    """On a terminal a table that fits it, elsewhere plain columns in full. Cells are cleaned of control characters."""
    cleaned = ([one_line(cell, 1000) for cell in row] for row in rows)
    if stream.isatty():
        _write_rich(columns, cleaned, stream)
    else:
        _write_plain(columns, cleaned, stream)


def _write_rich(columns: Sequence[Column], rows: Iterator[list[str]], stream: TextIO) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=stream, highlight=False)
    beside = [number for number, column in enumerate(columns) if not column.below]
    for portion in _portions(rows):
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_lines=False)
        for number in beside:
            column = columns[number]
            table.add_column(
                column.title,
                justify="right" if column.right else "left",
                ratio=1 if column.wide else None,
                no_wrap=not column.wide,
                overflow="fold",
            )
        for row in portion:
            below = [
                Text(f"{column.below}{cell}", style="dim")
                for cell, column in zip(row, columns, strict=True)
                if column.below and cell
            ]
            first = Text("\n").join([Text(row[0]), *below])
            table.add_row(first, *(Text(row[number]) for number in beside[1:]))
        console.print(table)


def _write_plain(columns: Sequence[Column], rows: Iterator[list[str]], stream: TextIO) -> None:
    titles = [column.title for column in columns]
    for number, portion in enumerate(_portions(rows, first=True)):
        lines = [titles, *portion] if number == 0 else portion
        widths = [max(map(_width, cells)) for cells in zip(*lines, strict=True)]
        for line in lines:
            cells = [_pad(cell, width, column.right) for cell, width, column in zip(line, widths, columns, strict=True)]
            stream.write(_GAP.join(cells).rstrip() + "\n")


def _portions(rows: Iterator[list[str]], first: bool = False) -> Iterator[list[list[str]]]:
    """Rows in lists; with `first`, at least one list, so that a header is written."""
    while (portion := list(itertools.islice(rows, _PORTION))) or first:
        yield portion
        first = False


def _pad(cell: str, width: int, right: bool) -> str:
    blanks = " " * (width - _width(cell))
    return blanks + cell if right else cell + blanks


def _width(text: str) -> int:
    """Columns of a terminal: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )

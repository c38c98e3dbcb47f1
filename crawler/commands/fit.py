"""`scrapy fit`: weights of signals from pages of which somebody knows where they come from."""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand

from crawler.commands import output
from crawler.commands.archives import Archive
from crawler.commands.base import CommandError, StoreCommand
from crawler.commands.linking import weights_of
from crawler.commands.progress import progress_bar
from crawler.commands.records import RecordError, Refusals, parsed
from crawler.discovery.urls import normalise
from crawler.items import to_iso
from crawler.report import words

if TYPE_CHECKING:
    from crawler.attribution.fitting import Figures, Fit
    from crawler.attribution.labelled import Gathered, Label
    from crawler.storage.base import Store

COLUMNS = (
    output.Column("signal"),
    output.Column("pairs", right=True),
    output.Column("for the truth", right=True),
    output.Column("against", right=True),
    output.Column("default", right=True),
    output.Column("now", right=True),
    output.Column("fitted", right=True),
)
FIELDS = ("signal", "pairs", "for_truth", "against", "default", "before", "after")


class Command(StoreCommand, ScrapyCommand):
    """Fits the weights of signals to labelled pages of the store, and writes them to a file with their fit."""

    summary = "Fit the weights of the evidence to pages whose origin is known, and write them with their fit"
    takes = "[options] [<labelled.jsonl> …]   (- for standard input)"
    examples = """
scrapy fit --dry-run
scrapy fit labelled.jsonl -o weights.json && scrapy relink -s ATTRIBUTION_WEIGHTS=weights.json
"""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Where to write, and how to tell."""
        super().add_options(parser)
        parser.add_argument("-o", dest="output", metavar="FILE", default="weights.json", help="default: %(default)s")
        parser.add_argument("--dry-run", action="store_true", help="print the fit, write nothing")
        parser.add_argument("--format", choices=output.FORMATS, default="table", help="default: %(default)s")

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints the weights, now and fitted, and writes them if they are better on stories they were not fitted to."""
        from crawler.attribution.fitting import UnfitError, fit
        from crawler.attribution.labelled import judged_labels

        weights = weights_of(self)
        labels = list(self._labels(args))
        with self.store(read_only=True) as store:
            ruled = judged_labels(store)
            gathered = self._gathered(store, [*labels, *ruled], weights)
        for reason, count in sorted(gathered.passed_over.items()):
            self.say(f"{words.count(count, 'label')} passed over: they {reason}")
        try:
            found = fit(gathered.examples, weights)
        except UnfitError as error:
            raise CommandError(str(error)) from error
        _print(found, opts.format)
        self._tell(found)
        if opts.dry_run:
            return
        if not found.is_better:
            raise CommandError("the fitted weights are no better on stories that they were not fitted to; none written")
        self._write(Path(opts.output), found, {"file": len(labels), "judgements": len(ruled)}, gathered.passed_over)
        self.say(f"wrote {opts.output}; `scrapy relink -s ATTRIBUTION_WEIGHTS={opts.output}` decides by it")

    def _gathered(self, store: Store, labels: list[Label], weights: dict[str, float]) -> Gathered:
        from crawler.attribution.declared import known_sites
        from crawler.attribution.labelled import gather

        if store.verdicts.undecided_count():
            self.say("some articles wait for a verdict: their text is not compared yet")
        with progress_bar("weighing pairs") as advance:
            return gather(store, known_sites(store, self.declared_sites()), labels, weights, advance)

    def _labels(self, names: list[str]) -> Iterator[Label]:
        bad = Refusals()
        for name in dict.fromkeys(names):
            with closing(Archive(name)) as archive:
                for record in archive:
                    try:
                        if record.problem:
                            raise RecordError(record.problem)
                        yield _label(parsed(record.value))
                    except ValueError as error:
                        bad.add(archive.name, record.line, error)
        if bad.count:
            self.say(str(bad))

    def _tell(self, found: Fit) -> None:
        self.say(f"{words.count(found.pairs, 'pair')} in {words.count(found.stories, 'story', 'stories')}")
        self.say(f"now:    {_figures(found.before)}")
        self.say(f"fitted: {_figures(found.after)} (on stories that were not fitted to)")

    def _write(self, path: Path, found: Fit, given: dict[str, int], passed_over: Counter[str]) -> None:
        """Whole or not at all."""
        told = {
            "weights": {name: heard.after for name, heard in found.signals.items()},
            "fit": {"at": to_iso(self.clock()), "labels": given, "passed_over": dict(passed_over)} | found.to_dict(),
        }
        part = path.with_name(f"{path.name}.part{os.getpid()}")
        try:
            part.write_text(json.dumps(told, indent=2) + "\n", "utf-8")
            part.replace(path)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror or error}") from error


def _label(value: Any) -> Label:
    """One line of labelled data. Raises ValueError."""
    from crawler.attribution.labelled import Label

    if not isinstance(value, dict) or "original_url" not in value:
        raise ValueError("not an object with url and original_url (null where it was taken from nowhere)")
    url, original = value.get("url"), value["original_url"]
    here = normalise(url) if isinstance(url, str) else ""
    there = normalise(original) if isinstance(original, str) else ""
    if not here or (original is not None and not there):
        raise ValueError("url is no address of a page" if not here else "original_url is no address of a page")
    if here == there:
        raise ValueError("a page cannot be its own original; null says that it was taken from nowhere")
    return Label(here, there or None)


def _print(found: Fit, form: output.Format) -> None:
    stream = output.data_stream()
    records = [{"signal": name, **_fields(heard)} for name, heard in found.signals.items()]
    if form == "table":
        output.write_table(COLUMNS, ([_cell(record[name]) for name in FIELDS] for record in records), stream)
    else:
        output.write_records(form, records, FIELDS, stream)


def _fields(heard: Any) -> dict[str, Any]:
    return {name: getattr(heard, name) for name in FIELDS[1:]}


def _cell(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _figures(one: Figures) -> str:
    return (
        f"{one.right:.1%} right, {one.unknown:.1%} unknown, {one.wrong:.1%} wrong; mean logarithmic loss {one.log_loss}"
    )

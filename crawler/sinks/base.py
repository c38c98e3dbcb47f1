"""What a sink is, and how one is named in the setting SINKS."""

from __future__ import annotations

import importlib
import inspect
import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from crawler.storage.base import Event

SINK_KINDS: dict[str, str] = {"jsonl": "crawler.sinks.jsonl:JsonLines"}
"""Kind -> "module:class". Its keyword arguments are the options that SINKS gives."""


class SinkError(Exception):
    """The setting SINKS is wrong; the message is one sentence."""


class Rejected(Exception):  # noqa: N818  names what happened
    """The receiver will never take this event; it is put aside with the reason, and delivery goes on.

    `seq` names the event of the batch; those before it have been taken.
    """

    def __init__(self, seq: int, reason: str) -> None:
        super().__init__(reason)
        self.seq = seq
        self.reason = reason


class Sink(Protocol):
    """Somebody downstream. Any exception but Rejected means: try again later, from the cursor."""

    def send(self, batch: Sequence[Event]) -> None:
        """Hands events over, in order. When it returns, the receiver has them for good."""

    def close(self) -> None:
        """No more is sent."""


def parse_sinks(setting: object) -> dict[str, Sink]:
    """Sink name -> sink, from the setting SINKS. Raises SinkError.

    Taken are a dictionary ({"jsonl": {"path": "out.jsonl"}}, where a name other than its kind says
    {"archive": {"kind": "jsonl", "path": …}}), the same as JSON, or "jsonl:out.jsonl", several apart by commas.
    """
    return {name: _make(name, options) for name, options in _named(setting).items()}


def _named(setting: object) -> dict[str, dict[str, Any]]:
    if not setting:
        return {}
    if isinstance(setting, str):
        text = setting.strip()
        if not text.startswith("{"):
            return _short_form(text)
        try:
            setting = json.loads(text)
        except ValueError as error:
            raise SinkError(f"SINKS is no JSON object: {error}.") from error
    if isinstance(setting, list | tuple):
        return _short_form(",".join(map(str, setting)))
    if not isinstance(setting, Mapping):
        raise SinkError(f"SINKS is {setting!r}; it takes a dictionary, JSON, or jsonl:PATH.")
    named: dict[str, dict[str, Any]] = {}
    for name, options in setting.items():
        if isinstance(options, str):
            options = {"path": options}
        if not isinstance(options, Mapping):
            raise SinkError(f"SINKS: the options of {name} are {options!r}, not a dictionary.")
        named[str(name)] = dict(options)
    return named


def _short_form(text: str) -> dict[str, dict[str, Any]]:
    named: dict[str, dict[str, Any]] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        kind, colon, target = part.partition(":")
        if not colon or not target:
            raise SinkError(f"SINKS has {part!r}; a sink is KIND:PATH, such as jsonl:findings.jsonl.")
        name = kind if kind not in named else part
        named[name] = {"kind": kind, "path": target}
    return named


def _make(name: str, options: dict[str, Any]) -> Sink:
    kind = str(options.pop("kind", name))
    if kind not in SINK_KINDS:
        raise SinkError(f"SINKS names {kind!r}, which is no kind of sink; there are {', '.join(sorted(SINK_KINDS))}.")
    module, _, made = SINK_KINDS[kind].partition(":")
    make = getattr(importlib.import_module(module), made)
    try:
        inspect.signature(make).bind(**options)
    except TypeError as error:
        raise SinkError(f"SINKS: the options of {name} do not fit: {error}.") from error
    sink: Sink = make(**options)
    return sink

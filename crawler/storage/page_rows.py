"""One row of the frontier's table: its shape, and how links and pages are packed into it and out of it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from typing import Any

from crawler.discovery.base import Link
from crawler.items import from_iso, to_iso
from crawler.storage.base import Page
from crawler.storage.connection import from_micros, to_micros

Row = dict[str, Any]

SCHEMA = """
CREATE TABLE page (
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL,
    url TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    key TEXT NOT NULL DEFAULT '',
    link TEXT NOT NULL,                 -- what discovery said of it: JSON
    modified INTEGER,                      -- the newest change that a list stated
    state TEXT NOT NULL DEFAULT 'queued',
    wanted INTEGER NOT NULL DEFAULT 1,
    due_at INTEGER,                        -- microseconds since 1970, as all moments here
    priority INTEGER NOT NULL DEFAULT 0,
    depth INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    owner TEXT,
    lease_until INTEGER,
    status INTEGER,
    reason TEXT NOT NULL DEFAULT '',
    etag TEXT,
    last_modified TEXT,
    body_hash TEXT,
    text_hash TEXT,
    first_seen INTEGER NOT NULL,
    fetched_at INTEGER,
    ladder INTEGER NOT NULL DEFAULT 0,
    misses INTEGER NOT NULL DEFAULT 0,
    missing_since INTEGER,
    parent INTEGER,                     -- the list on which it was last seen
    memo TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX page_waiting ON page (site, priority, due_at) WHERE wanted = 1 AND owner IS NULL;
CREATE INDEX page_leased ON page (site, owner) WHERE owner IS NOT NULL;
CREATE INDEX page_ladder ON page (site, due_at) WHERE wanted = 0 AND due_at IS NOT NULL;
CREATE INDEX page_state ON page (site, kind, state);
CREATE INDEX page_key ON page (site, key) WHERE key <> '';
CREATE INDEX page_other ON page (json_extract(memo, '$.of')) WHERE state = 'off';
CREATE INDEX page_parent ON page (parent) WHERE kind = 'article';
"""

SAID = "CREATE INDEX page_said ON page (site, text_hash) WHERE state = 'held' AND instr(url, '?') > 0;\n"
"""A later step: which held page with a query says a text. Most pages have none, and cost nothing."""

MAX_TEXT = 500
_MAX_LIST = 30
"""Bounds of what strangers may have us remember of a link: characters of a text, entries of a tuple."""


stamp, moment = to_micros, from_micros


def dicts(cursor: sqlite3.Cursor) -> list[Row]:
    """Rows by column name, whatever row factory the connection has."""
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def pack(link: Link) -> str:
    """What is remembered of a link beside URL, kind and key; bounded, without what is empty."""
    said: dict[str, Any] = {
        "method": link.method[:MAX_TEXT],
        "poll": link.poll,
        "probe": link.probe,
        "fresh": link.fresh,
        "title": link.title[:MAX_TEXT],
        "authors": [one[:MAX_TEXT] for one in link.authors[:_MAX_LIST]],
        "published": to_iso(link.published),
        "modified": to_iso(link.modified),
        "key": link.key[:MAX_TEXT],
        "source": link.source[:MAX_TEXT],
        "tags": [one[:MAX_TEXT] for one in link.tags[:_MAX_LIST]],
    }
    return json.dumps({name: value for name, value in said.items() if value}, ensure_ascii=False)


def unpack(url: str, kind: str, packed: str) -> Link:
    """The inverse of `pack`."""
    said = json.loads(packed)
    for name in ("authors", "tags"):
        said[name] = tuple(said.get(name) or ())
    for name in ("published", "modified"):
        said[name] = from_iso(said.get(name))
    return Link(url=url, kind="list" if kind == "list" else "article", **said)


def merged(old: Link, new: Link) -> Link:
    """What both say, the newer statement first; how the newer one is to be read (poll, probe, fresh) counts."""
    if new.kind == "list":
        return replace(new, key=new.key or old.key)
    stated = {
        name: getattr(new, name) or getattr(old, name)
        for name in ("title", "authors", "published", "modified", "key", "source", "tags")
    }
    return replace(old, **stated)


def page(row: Row) -> Page:
    """A row as the contract has it."""
    return Page(
        id=row["id"],
        site=row["site"],
        link=unpack(row["url"], row["kind"], row["link"]),
        state=row["state"],
        due_at=moment(row["due_at"]),
        priority=row["priority"],
        depth=row["depth"],
        attempts=row["attempts"],
        status=row["status"],
        reason=row["reason"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        body_hash=row["body_hash"],
        text_hash=row["text_hash"],
        first_seen=moment(row["first_seen"]),
        fetched_at=moment(row["fetched_at"]),
        ladder=row["ladder"],
        misses=row["misses"],
        missing_since=moment(row["missing_since"]),
        parent=row["parent"],
        memo=json.loads(row["memo"]),
    )

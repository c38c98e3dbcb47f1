"""The store on SQLite: one file, one writer at a time, as many readers and processes as you like."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from crawler.clock import Clock
from crawler.items import Skip
from crawler.storage.articles import SqliteArticles
from crawler.storage.base import StoreError
from crawler.storage.connection import Connection, configure, connect
from crawler.storage.families import SqliteFamilies
from crawler.storage.links import SqliteLinks
from crawler.storage.locks import SiteLocks
from crawler.storage.migrations import MIGRATIONS, check_not_newer, migrate, schema_of
from crawler.storage.names import SqliteNames
from crawler.storage.numbers import SqliteNumbers
from crawler.storage.outbox import SqliteOutbox
from crawler.storage.pages import SqlitePages
from crawler.storage.sites import SqliteSites, SqliteSkips
from crawler.storage.verdicts import SqliteVerdicts


class SqliteStore:
    """`base.Store` on one SQLite file; site locks and posting segments lie in folders beside it."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._locks = SiteLocks(Path(f"{connection.path}.locks"))
        self.folder = Path(f"{connection.path}.index")
        self.pages = SqlitePages(connection)
        self.sites = SqliteSites(connection)
        self.skips = SqliteSkips(connection)
        self.skips = SqliteSkips(connection)
        self.articles = SqliteArticles(connection)
        self.links = SqliteLinks(connection)
        self.families = SqliteFamilies(connection)
        self.names = SqliteNames(connection)
        self.numbers = SqliteNumbers(connection)
        self.verdicts = SqliteVerdicts(connection)
        self.outbox = SqliteOutbox(connection)

    def transaction(self) -> AbstractContextManager[None]:
        """One write transaction; durable when the block has been left."""
        return self._db.transaction()

    def hold(self, site: str) -> None:
        """Holds a site for this process until `close`. Raises SiteHeld."""
        self._locks.hold(site)

    def skip(self, skip: Skip, site: str, at: datetime) -> None:
        """Records a page that gave no article."""
        self.skips.save(skip, site, at)

    def version(self) -> int:
        """Grows whenever another connection has written."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Closes the file and gives the sites back."""
        self._db.close()
        self._locks.release()


def open_sqlite(url: str, *, read_only: bool = False, clock: Clock | None = None) -> SqliteStore:
    """The store at `sqlite:///relative.db` or `sqlite:////absolute.db`. Raises StoreError."""
    path = _path(url)
    if read_only and not path.exists():
        raise StoreError(f"There is no store at {path} yet: crawl or load something first, or set STORE_URL.")
    if not path.parent.is_dir():
        raise StoreError(f"The store {path} cannot be made: the folder {path.parent} does not exist.")
    if path.is_dir():
        raise StoreError(f"The store {path} cannot be opened: it is a folder; STORE_URL must name a file.")
    connection = connect(path, read_only=read_only)
    try:
        schema = schema_of(connection)
        check_not_newer(schema, connection)
        configure(connection, read_only=read_only)
        if schema < MIGRATIONS[-1].number and read_only:
            connection.close()
            open_sqlite(url, clock=clock).close()
            return open_sqlite(url, read_only=True, clock=clock)
        if not read_only:
            migrate(connection, clock() if clock else datetime.now(UTC))
    except BaseException:
        connection.close()
        raise
    return SqliteStore(connection)


def _path(url: str) -> Path:
    """Three slashes: relative to the current folder; four: absolute."""
    host, slash, name = url.removeprefix("sqlite://").partition("/")
    if host or not slash or not name or "\0" in name or name == ":memory:":
        raise StoreError(
            f"STORE_URL is {url!r}; a SQLite store is sqlite:///file.db (relative) or sqlite:////folder/file.db"
            " (absolute)."
        )
    return Path(name)

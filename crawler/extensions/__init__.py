"""What lasts as long as a run: the store's thread, the workers, the visits, and what people see of it."""

from crawler.extensions.desk import RunDesk
from crawler.extensions.run import CrawlRun

__all__ = ["CrawlRun", "RunDesk"]

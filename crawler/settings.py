"""Scrapy's settings for this project, and our own. docs/settings.md says what each of ours means.

In this order: `-s NAME=VALUE`; lines added at the end of this file (or of a settings module that begins with
`from crawler.settings import *`); the environment as FIRSTPRINT_NAME; the defaults below.
"""

import os

from scrapy.settings import default_settings as _scrapy

from crawler import __version__

# -- ours ----------------------------------------------------------------------------------------------------------

STORE_URL = "sqlite:///firstprint.db"
SITES_FILE = "sites.toml"
ALLOWED_NETWORKS = ""
HOST_MAP = ""
SINKS: dict[str, object] = {}
ATTRIBUTION_WEIGHTS: dict[str, float] = {}
EXTRACTION_WORKERS = 0
EXTRACTION_TIMEOUT = 20.0
EXTRACTION_MEMORY_MB = 1024
ROBOTS_META_OBEY = True
REVISIT_BUDGET = 50
SITE_MAX_PAGES = 50_000
SITE_ERROR_LIMIT = 0.5
CLOCK = ""
CONTACT = "https://github.com/firstprint/firstprint"
BROWSER_EXECUTABLE = ""
BROWSER_PAGES = 2
PROGRESS = True

# -- who we are, and how we behave ---------------------------------------------------------------------------------

BOT_NAME = "firstprint"
USER_AGENT = f"firstprint/{__version__} (+{os.environ.get('FIRSTPRINT_CONTACT') or CONTACT})"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "firstprint"
COOKIES_ENABLED = False
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 0.5
AUTOTHROTTLE_MAX_DELAY = 30.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
CONCURRENT_REQUESTS = 128  # over all sites; slow ones together hold half of them at most
CONCURRENT_REQUESTS_PER_DOMAIN = 2
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,*/*;q=0.8",
    "Accept-Language": "en,*;q=0.5",
}
REFERRER_POLICY = "no-referrer"
HTTPERROR_ALLOW_ALL = True  # a 404 is an answer, and the spider reads it

# -- what hostile servers can cost ---------------------------------------------------------------------------------

DOWNLOAD_MAXSIZE = 10 * 1024 * 1024  # 1 GiB would let a brotli bomb of 3 KB take a gigabyte of memory
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_VERIFY_CERTIFICATES = True
REDIRECT_MAX_TIMES = 8
METAREFRESH_MAXDELAY = 10
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 504, 522, 524, 408]  # 429 and 503 are for the politeness middleware
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 20_000_000
CONCURRENT_ITEMS = 4  # of one answer, which gives one item; Scrapy makes so many tasks for each
TWISTED_DNS_RESOLVER = "crawler.network.resolver.GuardedResolver"
REACTOR_THREADPOOL_MAXSIZE = 20  # look-ups of dead names block one each
HTTPPROXY_ENABLED = False  # a proxy resolves names by itself, past the guard
DOWNLOAD_HANDLERS = {
    "http": "crawler.network.browser.PageDownloadHandler",
    "https": "crawler.network.browser.PageDownloadHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# -- our parts -----------------------------------------------------------------------------------------------------

SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
SPIDER_LOADER_WARN_ONLY = True  # one broken spider of one's own must not break every command
COMMANDS_MODULE = "crawler.commands"
SCHEDULER = "crawler.frontier.Frontier"
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the page table knows what was seen
EXTENSIONS = {
    "crawler.extensions.CrawlRun": 0,
    "crawler.extensions.throttle.Throttle": 0,
    "scrapy.extensions.remote_control.RemoteControl": None,  # off, but imported all the same
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.throttle.AutoThrottle": None,  # ours stands in its place
    "scrapy.extensions.logstats.LogStats": None,  # our own progress says it
}
DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.AnswerMiddleware": 50,
    "crawler.middlewares.BoundsMiddleware": 60,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.middlewares.StoredRobotsMiddleware": 100,
    "crawler.middlewares.PolitenessMiddleware": 560,
    "crawler.middlewares.AccountMiddleware": 860,
}
ITEM_PIPELINES = {"crawler.pipelines.LinkPipeline": 100}

# -- what people see -----------------------------------------------------------------------------------------------

LOG_LEVEL = "WARNING"  # progress and summary are written by our own extension
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"
FEED_EXPORT_ENCODING = "utf-8"

# -- the environment -----------------------------------------------------------------------------------------------


def _from_environment() -> None:
    for name, value in os.environ.items():
        setting = name.removeprefix("FIRSTPRINT_")
        if setting != name and setting.isupper() and (setting in globals() or setting in _scrapy.__all__):
            globals()[setting] = value


_from_environment()

# -- yours: what is set below stands above the environment ---------------------------------------------------------

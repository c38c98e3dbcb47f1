"""What people see: a store in, pages out. Everything a page said is escaped; nothing is fetched from elsewhere."""

from crawler.report.addresses import find_article, nearest_urls
from crawler.report.days import with_vagueness
from crawler.report.dossier import Comparison, Dossier, make_dossier
from crawler.report.folder import ReportError
from crawler.report.render import dossier_page
from crawler.report.site import Scope, Written, write_report
from crawler.report.text import dossier_text

__all__ = [
    "Comparison",
    "Dossier",
    "ReportError",
    "Scope",
    "Written",
    "dossier_page",
    "dossier_text",
    "find_article",
    "make_dossier",
    "nearest_urls",
    "with_vagueness",
    "write_report",
]

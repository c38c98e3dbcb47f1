"""What people see: a store in, pages out. Everything a page said is escaped; nothing is fetched from elsewhere."""

from crawler.report.dossier import Comparison, Dossier, find_article, make_dossier, nearest_urls
from crawler.report.folder import ReportError
from crawler.report.site import Scope, Written, write_report

__all__ = [
    "Comparison",
    "Dossier",
    "ReportError",
    "Scope",
    "Written",
    "find_article",
    "make_dossier",
    "nearest_urls",
    "write_report",
]

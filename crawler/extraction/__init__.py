"""What does the page say? Bytes in, an article or the reason why there is none out."""

from crawler.extraction.article import Page, extract, read_page, text_hash
from crawler.extraction.learned import Noise

__all__ = ["Noise", "Page", "extract", "read_page", "text_hash"]

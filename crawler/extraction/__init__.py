"""What does the page say? Bytes in, an article or the reason why there is none out."""

from crawler.extraction.article import Known, Page, extract, read_page
from crawler.extraction.hashing import text_hash
from crawler.extraction.learned import Noise

__all__ = ["Known", "Noise", "Page", "extract", "read_page", "text_hash"]

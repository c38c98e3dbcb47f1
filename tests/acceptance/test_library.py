"""The library faces, in an interpreter that cannot import Scrapy or Twisted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("scrapy", "twisted"):
            raise ImportError(name + " is blocked")
sys.meta_path.insert(0, Block())
sys.path.insert(0, sys.argv[1])
import tales, villain
from crawler.extraction import extract
from crawler.dedup import NearDuplicates
from crawler.items import Article, Skip

article = extract("http://a.test/x.html", villain.article(tales.VIGNE).encode())
assert isinstance(article, Article) and article.language == "fr", article
assert "phylloxéra" in article.text and article.title == tales.VIGNE.title
for body in (b"", b"\\x00\\xff" * 999, b"<html><body><p>short</p></body></html>", b"<" * 100000):
    assert isinstance(extract("http://a.test/x.html", body), Skip), body[:20]
odd = extract("not a url", villain.article(tales.VIGNE).encode(), {"content-type": "nonsense"})
assert isinstance(odd, Article | Skip)
near = NearDuplicates()
for tale in tales.ALL:
    near.add(tale.slug, tale.text)
found = near.matches("An opening of somebody else, quite unlike it. " + tales.FARO.text)
assert [match.key for match in found] == [tales.FARO.slug], found
assert near.matches("Nothing of this was ever printed anywhere, as far as the editors can tell today.") == []
print("fine")
"""


def test_both_faces_work_without_scrapy() -> None:
    root, here = Path(__file__).parents[2], str(Path(__file__).parent)
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", SCRIPT, here],
        cwd=root, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout == "fine\n", done.stderr

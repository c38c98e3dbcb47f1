"""Pages as WordPress, Blogger and Drupal serve them, with inserts between the paragraphs of articles of our own.

Made from a seed and from noise_list.toml, a list that the cleaning code was not written from. Twelve languages, three
makes, two pages each.
"""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

PAGES_EACH = 2
INSERTS = 8
"""Of each page."""
MAKES = ("wordpress", "blogger", "drupal")
_PLACES = {"ru": "Меррово", "ar": "ميرو", "zh": "梅罗"}
_PEOPLE = {"ru": "Илзе Марен", "ar": "ليلى مارن", "zh": "林墨然"}
_SITES = {"ru": "Новости Меррово", "ar": "صحيفة ميرو", "zh": "梅罗日报"}


@dataclass(frozen=True)
class NoisyPage:
    """One page, the sentences that must stay and the pieces that must go, white space as one blank."""

    url: str
    html: bytes
    sentences: tuple[str, ...]
    inserts: tuple[str, ...]
    language: str
    make: str

    @property
    def site(self) -> str:
        return f"{self.make} {self.language}"


def pages(each: int = PAGES_EACH, seed: int = 31) -> Iterator[NoisyPage]:
    """So many pages of each site (a make and a language), always the same for a seed."""
    listed = tomllib.loads(Path(__file__).with_name("noise_list.toml").read_text("utf-8"))
    for language, words in listed.items():
        for make in MAKES:
            for number in range(each):
                yield _page(language, words, make, random.Random(f"{seed} {language} {make} {number}"))


def _page(language: str, words: dict[str, Any], make: str, dice: random.Random) -> NoisyPage:
    site = _SITES.get(language, dice.choice(("Merrow Herald", "Tamsel Courier", "Pell Daily")))
    paragraphs = _paragraphs(language, words, dice)
    pieces = [(template, _filled(template, language, words, site, dice)) for template in _chosen(words, dice)]
    blocks = [_paragraph(" ".join(one) if language != "zh" else "".join(one), make) for one in paragraphs]
    for template, (text, headline) in pieces:
        at = dice.randrange(1, len(blocks)) if "{h}" in template or dice.random() < 0.5 else len(blocks)
        blocks.insert(at, _insert(text, headline, make, dice))
    title = dice.choice(words["headlines"]) + f" {dice.randrange(2, 90)}"
    html = _FRAMES[make].format(
        language=language,
        direction=' dir="rtl"' if language == "ar" else "",
        title=escape(title),
        site=escape(site),
        body="\n".join(blocks),
        ld=_json_ld(title, site, dice),
        other=escape(dice.choice(words["headlines"])),
    )
    return NoisyPage(
        url=f"https://{make}-{language}.example/{dice.randrange(10**6)}/",
        html=html.encode(),
        sentences=tuple(sentence for one in paragraphs for sentence in one),
        inserts=tuple(text for _, (text, _) in pieces),
        language=language,
        make=make,
    )


def _paragraphs(language: str, words: dict[str, Any], dice: random.Random) -> list[list[str]]:
    """Every sentence once, and the traps among them."""
    sentences = [_sentence(one, language, dice) for one in words["sentences"]]
    dice.shuffle(sentences)
    found = [sentences[start : start + 2] for start in range(0, len(sentences), 2)]
    for trap in words["traps"]:
        found[dice.randrange(1, len(found))].insert(0, trap)
    return found


def _sentence(template: str, language: str, dice: random.Random) -> str:
    person = _PEOPLE.get(language, dice.choice(("Ilse Maren", "Ruta Okafor", "Pia Strand")))
    place = _PLACES.get(language, dice.choice(("Merrow", "Tamsel", "Ostrava", "Wexholm")))
    return template.format(w=person, p=place, n=dice.randrange(12, 900))


def _chosen(words: dict[str, Any], dice: random.Random) -> list[str]:
    return dice.sample(words["inserts"], min(INSERTS, len(words["inserts"])))


def _filled(template: str, language: str, words: dict[str, Any], site: str, dice: random.Random) -> tuple[str, str]:
    """The piece as it reads, and the headline in it."""
    headline = dice.choice(words["headlines"]) + f" {dice.randrange(100, 999)}"
    person = _PEOPLE.get(language, "Femi Abara")
    text = template.format(h=headline, s=site, w=person, n=dice.randrange(3, 90))
    return text, headline if "{h}" in template else ""


def _paragraph(text: str, make: str) -> str:
    return f"{escape(text)}<br /><br />" if make == "blogger" else f"<p>{escape(text)}</p>"


def _insert(text: str, headline: str, make: str, dice: random.Random) -> str:
    """A paragraph like any other, bold, in a box, or with its headline as a link."""
    inner = escape(text)
    if headline and dice.random() < 0.7:
        slug = dice.randrange(10**6)
        inner = inner.replace(escape(headline), f'<a href="/{slug}/">{escape(headline)}</a>')
    inner = dice.choice((f"{inner}", f"<strong>{inner}</strong>", f"<em>{inner}</em>"))
    if make == "blogger":
        return f"{inner}<br /><br />"
    return dice.choice(
        (f"<p>{inner}</p>", f"<p>{inner}</p>", f'<div class="box-{dice.randrange(9)}"><p>{inner}</p></div>')
    )


def _json_ld(title: str, site: str, dice: random.Random) -> str:
    if dice.random() < 0.4:
        return ""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": f"2026-0{dice.randrange(1, 10)}-1{dice.randrange(10)}T08:{dice.randrange(10, 60)}:00+02:00",
        "publisher": {"@type": "Organization", "name": site},
    }
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'


_FRAMES = {
    "wordpress": """<!DOCTYPE html>
<html lang="{language}"{direction}><head><meta charset="utf-8"><title>{title} - {site}</title>
<meta name="generator" content="WordPress 6.8"><meta property="og:title" content="{title}">{ld}</head>
<body class="post-template-default single single-post"><header><nav><ul><li><a href="/">{site}</a></li>
<li><a href="/category/a/">A</a></li><li><a href="/category/b/">B</a></li></ul></nav></header>
<main id="main"><article id="post-77" class="post type-post status-publish"><header class="entry-header">
<h1 class="entry-title">{title}</h1><div class="entry-meta"><time class="entry-date published"
datetime="2026-04-12T08:14:00+02:00">12.4.2026</time> <span class="byline"><a href="/author/admin/">admin</a></span>
</div>
</header><div class="entry-content">
{body}
<div class="sharedaddy"><a class="share-facebook" href="#">Facebook</a> <a class="share-x" href="#">X</a></div>
</div><footer class="entry-footer"><a href="/tag/x/" rel="tag">x</a></footer></article>
<nav class="post-navigation"><a href="/1/">{other}</a></nav><div id="comments"><h2>Comments</h2><ol><li><p>Nice!</p>
</li></ol>
</div></main><aside class="widget-area"><section class="widget"><ul><li><a href="/2/">{other}</a></li></ul>
</section></aside>
<footer class="site-footer"><p>© 2026 {site}</p></footer></body></html>""",
    "blogger": """<!DOCTYPE html>
<html lang="{language}"{direction} xmlns="http://www.w3.org/1999/xhtml"><head><meta charset="UTF-8"/>
<title>{site}: {title}</title>
<meta content="blogger" name="generator"/>{ld}</head><body class="item-view"><div id="header"><h1 class="title">
<a href="/">{site}</a></h1></div><div id="main"><div class="blog-posts hfeed"><div class="date-outer">
<h2 class="date-header"><span>2026-04-12</span></h2><div class="post hentry">
<h3 class="post-title entry-title">{title}</h3>
<div class="post-body entry-content" id="post-body-77">
{body}
<div style="clear: both;"></div></div><div class="post-footer"><span class="post-author vcard">
<span class="fn">admin</span></span>
<abbr class="published" title="2026-04-12T08:14:00+02:00">08:14</abbr></div></div></div></div>
<div class="blog-pager"><a href="/1.html">{other}</a></div></div><div id="sidebar"><div class="widget PopularPosts">
<ul><li><a href="/2.html">{other}</a></li></ul></div></div><div id="footer">{site}</div></body></html>""",
    "drupal": """<!DOCTYPE html>
<html lang="{language}"{direction}><head><meta charset="utf-8" /><title>{title} | {site}</title>
<meta name="Generator" content="Drupal 10 (https://www.drupal.org)" />{ld}</head>
<body class="path-node page-node-type-article">
<div class="layout-container"><header role="banner"><nav role="navigation"><ul class="menu"><li>
<a href="/">{site}</a></li></ul></nav>
</header><main role="main"><div class="region region-content"><div class="block block-page-title-block"><h1>
<span>{title}</span></h1>
</div><article class="node node--type-article node--view-mode-full"><footer class="node__meta">
<div class="node__submitted">
<span>admin</span> <span>12.4.2026 - 08:14</span></div></footer><div class="node__content">
<div class="clearfix text-formatted field field--name-body field--type-text-with-summary"><div class="field__item">
{body}
</div></div></div></article><div class="block-views"><h2>{site}</h2><ul><li><a href="/node/2">{other}</a></li></ul>
</div>
</div></main><footer role="contentinfo"><a href="/contact">{site}</a></footer></div></body></html>""",
}

"""Little publishers and mirrors with looks of their own: a Drupal-like daily with RSS, a Ghost-like reprinter with a
sitemap, a hand-written site with a bare list of links."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape

from little_web import Answer, LittleWeb, page, xml
from tales import Tale

BEGIN = datetime(2026, 5, 4, 7, 30, tzinfo=timezone(timedelta(hours=2)))


def courier(web: LittleWeb, tales: tuple[Tale, ...], host: str = "courier.test", name: str = "Brume Courier") -> None:
    """A Drupal-like publisher: node pages, RDFa-ish markup, RSS 2.0 with summaries."""
    site: dict[str, Answer] = {}
    entries = []
    for number, tale in enumerate(tales):
        when = BEGIN + timedelta(hours=5 * number)
        path = f"/{when:%Y/%m}/{tale.slug}"
        body = "".join(f"<p>{escape(one)}</p>" for one in tale.paragraphs)
        site[path] = page(
            f"""<!DOCTYPE html><html lang="{tale.language}" dir="ltr"><head><meta charset="utf-8">
<meta name="Generator" content="Drupal 10 (https://www.drupal.org)"><title>{escape(tale.title)} | {name}</title>
<meta property="og:site_name" content="{name}"><meta property="og:type" content="article">
<meta property="article:published_time" content="{when.isoformat()}"><link rel="canonical" href="http://{host}{path}">
</head><body class="path-node page-node-type-article"><header><a href="/">{name}</a><nav><ul><li><a href="/about">About
</a></li></ul></nav></header><main><article class="node node--type-article"><h1 class="page-title">{escape(tale.title)}
</h1><div class="node__meta">Submitted by <span>I. Verrault</span> on {when:%a, %m/%d/%Y - %H:%M}</div>
<div class="node__content"><div class="field field--name-body">{body}</div></div></article></main>
<footer><p>Powered by patience. All rights reserved.</p></footer></body></html>"""
        )
        entries.append(
            f"<item><title>{escape(tale.title)}</title><link>http://{host}{path}</link>"
            f"<description>{escape(tale.paragraphs[0])}</description><pubDate>{format_datetime(when)}</pubDate>"
            f'<guid isPermaLink="false">{100 + number} at http://{host}</guid></item>'
        )
    links = "".join(
        f'<h2><a href="/{(BEGIN + timedelta(hours=5 * n)):%Y/%m}/{t.slug}">{escape(t.title)}</a></h2>'
        for n, t in enumerate(tales)
    )
    site["/"] = page(
        f'<!DOCTYPE html><html lang="en"><head><title>{name}</title><meta property="og:site_name" content="{name}">'
        f'<link rel="alternate" type="application/rss+xml" title="{name}" href="http://{host}/rss.xml"></head>'
        f"<body><main>{links}</main></body></html>"
    )
    site["/rss.xml"] = xml(
        f'<?xml version="1.0"?><rss version="2.0" xml:base="http://{host}/"><channel><title>{name}</title>'
        f"<link>http://{host}/</link><description/>{''.join(reversed(entries))}</channel></rss>"
    )
    web.hosts[host] = site


def lantern(
    web: LittleWeb,
    tales: tuple[Tale, ...],
    host: str = "lantern.test",
    source: str = "Brume Courier",
    later: timedelta = timedelta(hours=30),
) -> None:
    """A Ghost-like mirror: sitemap index, `post-full` markup, its own insert and footer."""
    site: dict[str, Answer] = {}
    urls = []
    for number, tale in enumerate(tales):
        when = BEGIN + later + timedelta(hours=number)
        paragraphs = [f"<p>{escape(one)}</p>" for one in tale.paragraphs]
        paragraphs.insert(2, '<div class="kg-card"><p>Read also: <a href="/fish/">How fish sleep</a></p></div>')
        site[f"/{tale.slug}/"] = page(
            f"""<!DOCTYPE html><html lang="{tale.language}"><head><meta charset="utf-8">
<title>{escape(tale.title)}</title><meta name="generator" content="Ghost 5.82">
<meta property="og:site_name" content="The Lantern">
<script type="application/ld+json">{{"@context":"https://schema.org","@type":"Article","headline":{_json(tale.title)},
"datePublished":"{when.isoformat()}","publisher":{{"@type":"Organization","name":"The Lantern"}}}}</script></head>
<body><div class="site-wrapper"><article class="post-full"><h1 class="post-full-title">{escape(tale.title)}</h1>
<section class="post-full-content">{"".join(paragraphs)}<p>Source: {source}</p></section></article>
<aside><h3>Subscribe to The Lantern</h3><p>Get the latest posts delivered to your inbox.</p></aside></div></body>
</html>"""
        )
        urls.append(f"<url><loc>http://{host}/{tale.slug}/</loc><lastmod>{when.isoformat()}</lastmod></url>")
    front = "".join(f'<a class="post-card" href="/{t.slug}/"><h2>{escape(t.title)}</h2></a>' for t in tales)
    site["/"] = page(
        f'<html lang="en"><head><title>The Lantern</title><meta name="generator" content="Ghost 5.82">'
        f"</head><body>{front}</body></html>"
    )
    site["/robots.txt"] = Answer(
        f"User-agent: *\nDisallow: /ghost/\nSitemap: http://{host}/sitemap.xml\n".encode(),
        200,
        {"Content-Type": "text/plain"},
    )
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    site["/sitemap.xml"] = xml(
        f'<?xml version="1.0"?><sitemapindex {space}><sitemap><loc>http://{host}/'
        f"sitemap-posts.xml</loc></sitemap></sitemapindex>"
    )
    site["/sitemap-posts.xml"] = xml(f'<?xml version="1.0"?><urlset {space}>{"".join(urls)}</urlset>')
    web.hosts[host] = site


def plain(web: LittleWeb, tales: tuple[Tale, ...], host: str = "plain.test") -> None:
    """A hand-written site: a list of links on the front page, no feed, no sitemap, no date."""
    site: dict[str, Answer] = {}
    for tale in tales:
        body = "<br><br>".join(escape(one) for one in tale.paragraphs)
        site[f"/texts/{tale.slug}.html"] = page(
            f'<html><head><title>{escape(tale.title)}</title></head><body><center><a href="/">home</a>'
            f"</center><h1>{escape(tale.title)}</h1><div>{body}</div></body></html>"
        )
    links = "".join(f'<li><a href="texts/{t.slug}.html">{escape(t.title)}</a></li>' for t in tales)
    site["/"] = page(f"<html><head><title>Plain texts</title></head><body><ul>{links}</ul></body></html>")
    web.hosts[host] = site


def _json(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)

# ruff: noqa: E501  pages and tables of cases read better unbroken
"""One story in the clothes of several systems: what a theme puts around, before, between and after its paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

STORY = (
    "The council of Brackwater voted on Thursday to rebuild the sea wall that gave way in the January storm, ending nine "
    "months of argument over who should pay for it.",
    "Work is to begin in April and to take two winters. The old wall, put up in 1911 by convicts and repaired with "
    "whatever came to hand, will be left standing behind the new one.",
    '"We are not building it for us," said the mayor, Ottoline Pym. "We are building it for whoever is foolish enough '
    'to live here after us."',
    "Opponents of the plan said that the town could not afford it and would be under water in any case. Three of them "
    "left the hall before the vote.",
    "The money comes from a levy on the fish market, where prices are expected to rise by about two percent, and from a "
    "loan that the town will still be paying back in 2061.",
)
TITLE = "Brackwater votes to rebuild its sea wall"
PUBLISHER = "The Saltmarsh Courier"


def paragraphs(pieces: Sequence[str]) -> str:
    return "\n".join(piece if piece.startswith("<") else f"<p>{piece}</p>" for piece in pieces)


def with_inserts() -> list[str]:
    """The story as an autoposter prints it: inserts, captions and prompts as paragraphs among paragraphs."""
    return [
        "<p><img src='https://media.saltmarsh-courier.example/2026/10/wall-770x513.jpg' alt=''></p>",
        "The broken sea wall at Brackwater, photographed in February [Hild Marr/Saltmarsh Courier]",
        STORY[0],
        "See also <a href='/gulls'>Gulls of Brackwater learn to open bakery door</a>",
        STORY[1],
        STORY[2],
        "See also Ferry company denies that its ferry is late",
        STORY[3],
        "<p>See also <a href='/lamp'>Lighthouse lamp sold to a man who does not want it</a></p>",
        STORY[4],
        "Source: The Saltmarsh Courier",
    ]


def wordpress(title: str = f"{TITLE} | Coast | {PUBLISHER}", site: str = "Hourly Relay") -> bytes:
    """A magazine theme of an autoposting mirror: breadcrumb, admin, related posts, comment form, Akismet, cookies."""
    return f"""<!DOCTYPE html><html lang="en-US"><head><meta charset="UTF-8">
<title>{title} - {site}</title>
<link rel="stylesheet" href="/wp-content/themes/relaymag/style.css?ver=6.1">
<meta name="generator" content="WordPress 6.1.1"><meta property="og:site_name" content="{site}">
<meta property="og:title" content="{title} - {site}"><meta property="og:type" content="article">
<meta property="article:published_time" content="2026-10-15T09:41:07+00:00">
<link rel="canonical" href="https://hourly-relay.example/sea-wall/"></head>
<body class="post-template-default single single-post postid-4711 single-format-standard">
<header><a href="/">{site}</a><nav><ul><li><a href="/coast/">Coast</a></li><li><a href="/world/">World</a></li></ul></nav></header>
<div class="breadcrumbs"><a href="/">Home</a> » <a href="/coast/">Coast</a> » {title}</div>
<main><article id="post-4711" class="post-4711 post type-post"><h1 class="entry-title">{title}</h1>
<div class="entry-meta">by <a rel="author" href="/author/admin/">admin</a> <time class="entry-date published" datetime="2026-10-15T09:41:07+00:00">October 15, 2026</time></div>
<div class="sharedaddy"><a href="#">Facebook</a> <a href="#">Twitter</a></div>
<div class="entry-content">{paragraphs(with_inserts())}
<p>The post <a href="https://hourly-relay.example/sea-wall/">{TITLE}</a> appeared first on <a href="https://saltmarsh-courier.example">{PUBLISHER}</a>.</p></div>
<div class="tags">Tags: <a href="/t/wall">wall</a> <a href="/t/sea">sea</a></div></article>
<div class="related"><h3>You may also like</h3><ul><li><a href="/gulls">Gulls of Brackwater learn to open bakery door</a></li><li><a href="/lamp">Lighthouse lamp sold to a man who does not want it</a></li></ul></div>
<div id="respond"><h3>Leave a Comment</h3><form action="/c"><p>Your email address will not be published. Required fields are marked *</p><textarea></textarea></form>
<p class="akismet_comment_form_privacy_notice">This site uses Akismet to reduce spam. <a href="#">Learn how your comment data is processed</a>.</p></div></main>
<div id="cookie-notice" role="dialog"><span>We use cookies to ensure that we give you the best experience on our website.</span><a href="#">Ok</a></div>
<footer>© 2026 {site}. All rights reserved.</footer></body></html>""".encode()


def blogger() -> bytes:
    """A Blogspot layout: everything in divs, labels under the post, paragraphs parted by line breaks."""
    text = "<br><br>".join(STORY)
    return f"""<html><head><meta content='text/html; charset=UTF-8' http-equiv='Content-Type'/><meta content='blogger' name='generator'/>
<title>Tidewatch: {TITLE}</title><meta content='{TITLE}' property='og:title'/></head><body>
<div class='header'><h1 class='title'><a href='/'>Tidewatch</a></h1></div>
<div class='blog-posts hfeed'><div class='date-outer'><h2 class='date-header'><span>Thursday, October 15, 2026</span></h2>
<div class='post hentry'><h3 class='post-title entry-title'>{TITLE}</h3>
<div class='post-body entry-content'>{text}<br><br>Read more: <a href='/gulls.html'>Gulls learn to open bakery door</a></div>
<div class='post-footer'>Posted by <span class='fn'>Wilf</span> at <a href='#'><abbr class='published' title='2026-10-15T11:20:00+02:00'>11:20</abbr></a>
<span class='post-labels'>Labels: <a href='/l/sea'>sea</a></span></div></div></div></div>
<div class='sidebar'><h2>Blog Archive</h2><ul><li><a href='/2026/10/'>October (4)</a></li></ul></div>
<div class='footer'>Powered by <a href='https://www.blogger.com'>Blogger</a>.</div></body></html>""".encode()


def drupal() -> bytes:
    """A Drupal node with fields, a related-content view, and microdata for its dates."""
    return f"""<!DOCTYPE html><html lang="en" dir="ltr"><head><meta charset="utf-8"><meta name="Generator" content="Drupal 10 (https://www.drupal.org)">
<title>{TITLE} | Eastern Ledger</title></head><body class="path-node page-node-type-article">
<header role="banner"><div class="site-name"><a href="/">Eastern Ledger</a></div></header>
<nav class="breadcrumb"><ol><li><a href="/">Home</a></li><li><a href="/coast">Coast</a></li></ol></nav>
<main><h1 class="page-title"><span>{TITLE}</span></h1>
<article role="article" class="node node--type-article" itemscope itemtype="https://schema.org/NewsArticle">
<footer class="node__meta">Submitted by <span itemprop="author">Ada Quill</span> on <span itemprop="datePublished" content="2026-10-15T12:05:00+01:00">Thu, 15/10/2026 - 12:05</span></footer>
<div class="field field--name-body">{paragraphs([STORY[0], STORY[1], "Read also: <a href='/node/2'>A bridge too many</a>", *STORY[2:], "Subscribe to our newsletter and never miss a story."])}</div>
<div class="field field--name-field-tags">Tags <a href="/tags/sea">sea</a></div></article>
<div class="views-element-container"><h2>Related content</h2><ul><li><a href="/node/2">A bridge too many</a></li><li><a href="/node/3">Nobody wants the lamp</a></li></ul></div></main>
<footer>Eastern Ledger</footer></body></html>""".encode()


def handmade() -> bytes:
    """A page of tables and font elements, in an encoding that nobody declares."""
    rows = "".join(f"<p><font size=2>{piece}</font></p>" for piece in STORY)
    return f"""<html><head><title>{TITLE} :: Café News</title></head><body bgcolor=white><table width=100%><tr><td><a href=/>Front</a> | <a href=/2>Town</a></td></tr>
<tr><td><h1>{TITLE}</h1><small>15 October 2026</small>{rows}<p>Click here to read the café’s menu</p></td></tr><tr><td>(c) Café News</td></tr></table></body></html>""".encode(
        "cp1252"
    )


def magazine() -> bytes:
    """A page builder's output: sections in sections, JSON-LD with a graph, lazily loaded images, a newsletter box inside."""
    body = paragraphs(
        [STORY[0], "<div class='td-a-rec'><span>- Advertisement -</span></div>", STORY[1], STORY[2],
         "<div class='tnp'><p>Sign up for our morning briefing</p><form><input type=email></form></div>", STORY[3], STORY[4]]
    )  # fmt: skip
    graph = (
        '{"@context":"https://schema.org","@graph":[{"@type":"WebSite","@id":"https://gazetteer.example/#site","name":"The Gazetteer"},'
        '{"@type":"Person","@id":"#p1","name":"Ines Holloway"},'
        f'{{"@type":"NewsArticle","headline":"{TITLE}","author":{{"@id":"#p1"}},"datePublished":"2026-10-15T08:30:15-04:00",'
        '"dateModified":"2026-10-15T10:00:00-04:00","articleSection":"Coast","isBasedOn":"https://saltmarsh-courier.example/wall",'
        '"image":["https://gazetteer.example/wp-content/uploads/2026/10/wall.jpg"],"publisher":{"@type":"Organization","name":"The Gazetteer"}}]}'
    )
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{TITLE} – The Gazetteer</title>
<script type="application/ld+json">{graph}</script><meta property="og:site_name" content="The Gazetteer"></head>
<body class="single single-post"><div class="td-main"><div class="tdb-block"><h1>{TITLE}</h1></div>
<div class="td-post-content tagdiv-type">{body}</div></div><div class="td-footer"><p>About us Contact us</p></div></body></html>""".encode()

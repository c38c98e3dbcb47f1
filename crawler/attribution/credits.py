"""Whom a page credits: its clues, resolved to publishers, with those left out that credit nobody."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.attribution.publishers import Publisher, Publishers, host_of, is_platform, main_label, name_key
from crawler.items import Article, Clue

# Clue kind (docs/clues.md) -> the signal that reads it. A kind that is not listed credits nobody.
SIGNAL_OF: dict[str, str] = {
    "canonical": "canonical",
    "link_canonical_header": "canonical",
    "og_url": "canonical",
    "jsonld_main_entity": "canonical",
    "syndication_source": "declared_source",
    "original_source": "declared_source",
    "dc_source": "declared_source",
    "via_link": "declared_source",
    "jsonld_is_based_on": "declared_source",
    "translation_of": "declared_source",
    "feed_source": "declared_source",
    "guid_host": "declared_source",
    "importer": "declared_source",
    "og_site_name": "declared_publisher",
    "article_publisher": "declared_publisher",
    "rights_holder": "declared_publisher",
    "copyright_holder": "declared_publisher",
    "credit_text": "declared_publisher",
    "jsonld_source_organization": "declared_publisher",
    "jsonld_provider": "declared_publisher",
    "jsonld_publisher": "declared_publisher",
    "hotlinked_image": "hotlinked_image",
    "source_link": "source_link",
    "jsonld_citation": "source_link",
    "title_suffix": "title_suffix",
    "credit_line": "credit_line",
    "appeared_first": "credit_line",
    "originally_published": "credit_line",
    "agency": "agency",
    "dateline": "agency",
}
_NAMES_ANYBODY = frozenset({"credit_line"})
"""Kinds that may name a ministry or a photographer as well: they count for publishers, and for who is held and has the
text."""
_LEAST_HOUSE = 5
"""Letters of a name by which a site may be known."""
_MEDIA_WORDS = frozenset(
    """
    news times post herald tribune daily gazette journal guardian observer telegraph chronicle press mirror sun star
    globe independent mail standard echo bulletin courier dispatch examiner inquirer ledger monitor sentinel register
    review weekly magazine radio tv television channel broadcasting media network agency wire reporter today report
    zeitung tagblatt nachrichten blatt rundschau kurier anzeiger rundfunk spiegel jornal journal gazeta diario diário
    noticias notícias presse monde figaro giornale corriere gazzetta stampa repubblica dagblad nieuws avisen posten
    новости газета известия вестник правда время агентство ведомости телеканал радио
    أخبار الأخبار صحيفة جريدة وكالة قناة الجزيرة العربية اليوم
    新闻 日报 时报 晚报 周刊 通讯社 电视台 新聞 日報 時報 通信社
    """.split()  # noqa: SIM905  one word a line would be a page of them
)
_MEDIA_ENDINGS = ("news", "zeitung", "日报", "時報", "时报", "新闻", "新聞", "通讯社")
_SECTION_WORDS = frozenset(
    """
    world international national local regional europe asia africa america americas middle east business economy finance
    markets money politics policy opinion analysis comment sport sports football health science technology tech culture
    arts entertainment lifestyle travel food weather video videos photos live latest breaking top headlines home news
    features feature long reads interview climate environment education crime law society religion war ukraine russia
    welt politik wirtschaft kultur wissen gesellschaft panorama meinung ausland inland regionales
    monde politique économie société mundo política economía sociedad cultura deportes esporte esportes
    мир политика экономика общество культура спорт мнение происшествия новости россия
    أخبار الأخبار العالم سياسة اقتصاد ثقافة رياضة 国际 国内 政治 经济 社会 文化 体育 新闻
    """.split()  # noqa: SIM905  one word a line would be a page of them
)
"""A name made only of these is a section's."""
_SEPARATED = re.compile(r"\s+[|¦·•»›–—-]\s+|\s*[|｜]\s*")
_EDGES = " .,;:|–—-()[]«»“”„‘’'\""
_TRIMMINGS = re.compile(r"(?i)©|\(c\)|\bcopyright\b|\ball rights reserved\b|\b(?:19|20)\d\d\b|[.;,|]+\s*$")


@dataclass(frozen=True, slots=True)
class Credit:
    """One clue, understood. `url` where it names a page; `publisher` is whom it credits."""

    signal: str
    clue: Clue
    publisher: Publisher
    url: str | None = None
    sure: bool = True
    """Whether it names a publisher also where no page of theirs with this text is held."""


def credits_of(article: Article, publishers: Publishers) -> tuple[Credit, ...]:
    """The credits of a page that name somebody else than its own site, in the order of its clues."""
    found = []
    for clue in article.clues:
        signal = SIGNAL_OF.get(clue.kind)
        credit = _credit(signal, clue, article, publishers) if signal else None
        if credit is not None:
            found.append(credit)
    return tuple(found)


_ANY = frozenset(SIGNAL_OF.values())


def keys_of(article: Article, signals: frozenset[str] = _ANY) -> set[str]:
    """The names and hosts that a page's clues point to: where what is known of one changes, it is decided again."""
    return {key for clue in article.clues if SIGNAL_OF.get(clue.kind) in signals and (key := _target_key(clue.target))}


def _target_key(target: str) -> str:
    host = host_of(target)
    return f"host:{host}" if host else name_key(target)


def suffixes_of(article: Article) -> set[str]:
    """The names in which a page's title ends."""
    return {key for clue in article.clues if clue.kind == "title_suffix" and (key := name_key(clue.target))}


def _resolved(clue: Clue, publishers: Publishers) -> Publisher | None:
    """Whom a clue's target stands for: as it is, or its first part without years and signs of copyright."""
    target = clue.target
    found = publishers.resolve(target)
    if found is None or found.site is not None or host_of(target) is not None:
        return found
    plain = _TRIMMINGS.sub(" ", re.split(r"[,(;|]|\s[–—-]\s", target, maxsplit=1)[0])
    return publishers.resolve(" ".join(plain.split()).strip(_EDGES)) or found


def _credit(signal: str, clue: Clue, article: Article, publishers: Publishers) -> Credit | None:
    publisher, home = _resolved(clue, publishers), publishers.home(article)
    if publisher is None or publisher.site == home or _is_own_host(clue.target, article):
        return None
    if host_of(clue.target) is None and publishers.is_own_name(home, publisher.key):
        return None
    sure = True
    if signal == "title_suffix" or clue.kind in _NAMES_ANYBODY:
        sure = is_media_name(clue, publisher, article, publishers)
        if not sure and (signal == "title_suffix" or not _may_be_a_house(publisher)):
            return None
    return Credit(signal, clue, publisher, clue.target if "://" in clue.target else None, sure)


def _may_be_a_house(publisher: Publisher) -> bool:
    """Whether a credit may mean a ministry or a company: it does if a page of theirs has the text."""
    return len(publisher.key) >= _LEAST_HOUSE and not _SECTION_WORDS.issuperset(
        re.findall(r"\w+", publisher.name.casefold())
    )


def _is_own_host(target: str, article: Article) -> bool:
    host, own = host_of(target), host_of(article.url)
    if host is None or own is None:
        return False
    if host == own or host.endswith("." + own) or own.endswith("." + host):
        return True
    return main_label(host) == main_label(own)


def is_media_name(clue: Clue, publisher: Publisher, article: Article, publishers: Publishers) -> bool:
    """Whether the end of a title, or a credit, names a publisher rather than a section or a part of the headline.

    It does if somebody is known by that name, if a section stands before it (" | Ukraine War | Al Jazeera"), if it
    reads like the name of a medium or of a host, or if the titles of several sites end in it.
    """
    if publisher.site is not None or publishers.is_known(publisher.key):
        return True
    if clue.kind == "title_suffix" and _is_section(publisher.name, article):
        return False
    if host_of(clue.target) is not None:
        return not is_platform(host_of(clue.target) or "")
    words = re.findall(r"\w+", publisher.name.casefold())
    if not 1 <= len(words) <= 6 or _SECTION_WORDS.issuperset(words):
        return False
    if clue.kind == "title_suffix" and _stands_behind_section(clue, publisher, article):
        return True
    if clue.kind == "title_suffix" and any(other.kind == "site_suffix" for other in article.clues):
        return False  # the site's own name follows: what stands before that is a section unless it is known
    if _MEDIA_WORDS.intersection(words) or any(word.endswith(_MEDIA_ENDINGS) for word in words):
        return True
    return len(publishers.sites_ending_in(publisher.key)) > 1


def _is_section(name: str, article: Article) -> bool:
    """A label of the article, or one with words like "News" beside it."""
    labels = {name_key(label) for label in (article.section or "", *article.tags)} - {""}
    rest = "".join(word for word in re.findall(r"\w+", name.casefold()) if word not in _SECTION_WORDS)
    return name_key(name) in labels or name_key(rest) in labels or not rest


def _stands_behind_section(clue: Clue, publisher: Publisher, article: Article) -> bool:
    if any(other.kind == "title_section" for other in article.clues):
        return True
    keys = [key for part in _SEPARATED.split(clue.quote) if (key := name_key(part))]
    return publisher.key in keys[2:]

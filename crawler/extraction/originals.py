# ruff: noqa: E501  one notice a line reads better unbroken
"""Who is said to have published a text first: "originally published by X", in the languages that notices are written in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_N = r"([^.,;:()，。；：（）|]{2,80})"
"""A name that ends the clause."""
_M = r"([^.,;:()，。；：（）|]{2,60}?)"
"""A name with something behind it."""

Said = tuple[tuple[str, ...], re.Pattern[str]]
"""What a language says, and words of which one stands in whatever that matches: looking for them first is much faster."""


def _said(expression: str, *stems: str) -> Said:
    return stems, re.compile(expression, re.IGNORECASE | re.VERBOSE)


_LATIN: tuple[Said, ...] = (
    _said(
        rf"""(?:originally|first)\s+(?:published|appeared|posted|ran|reported)\s+(?:by|on|in|at)\s+{_N} | appeared\s+first\s+on\s+([^.;:()]{{2,80}})""",
        "originally",
        "first",
    ),
    _said(
        rf"""(?:republished|reprinted|reproduced)\s+(?:from|with\s+permission\s+(?:of|from))\s+{_N}""",
        "republished",
        "reprinted",
        "reproduced",
    ),
    _said(
        rf"""ersch(?:ien|ienen)\s+(?:zuerst|ursprünglich|zunächst|erstmals)\s+(?:auf|bei|in|im)\s+{_N}
          |(?:zuerst|ursprünglich|erstmals)\s+(?:veröffentlicht|erschienen|publiziert)\s+(?:auf|bei|in|im|von)\s+{_N}
          |(?:zuerst|ursprünglich|zunächst|erstmals)\s+(?:auf|bei|in|im|von)\s+{_M}\s+(?:veröffentlicht|erschienen|publiziert)""",
        "zuerst",
        "ursprünglich",
        "zunächst",
        "erstmals",
    ),
    _said(
        rf"""(?:publié|paru)e?\s+(?:initialement|d['’]abord|à\s+l['’]origine|pour\s+la\s+première\s+fois)\s+(?:par|sur|dans|chez)\s+{_N}
          |(?:initialement|d['’]abord|originellement)\s+(?:été\s+)?(?:publié|paru)e?\s+(?:par|sur|dans|chez)\s+{_N}
          |apparue?\s+en\s+premier\s+sur\s+{_N}""",
        "publié",
        "paru",
    ),
    _said(
        rf"""publicad[oa]\s+(?:originalmente|originariamente|inicialmente|por\s+primera\s+vez|pela\s+primeira\s+vez)\s+(?:en|por|no|na|em|pelo|pela)\s+{_N}
          |originalmente\s+(?:publicad[oa]|apareci[dó]o?)\s+(?:en|por|no|na|em|pelo|pela)\s+{_N}
          |se\s+publicó\s+(?:originalmente|primero|por\s+primera\s+vez)\s+en\s+{_N}
          |(?:apareció|aparece)\s+primero\s+en\s+{_N} | (?:apareceu|aparece)\s+primeiro\s+em\s+{_N}
          |publicat\s+originalment\s+(?:a|al|en|per)\s+{_N}""",
        "publicad",
        "originalment",
        "publicó",
        "primero",
        "primeiro",
    ),
    _said(
        rf"""(?:pubblicat[oa]|apparso|uscito)\s+(?:originariamente|originalmente|inizialmente|in\s+origine|per\s+la\s+prima\s+volta|prima)\s+(?:su|sul|sulla|da|dal|in|nel|per)\s+{_N}
          |(?:originariamente|originalmente|in\s+origine)\s+(?:pubblicat[oa]|apparso)\s+(?:su|sul|sulla|da|dal|in|nel|per)\s+{_N}
          |\bproviene\s+da\s+{_N}""",
        "pubblicat",
        "apparso",
        "uscito",
        "proviene",
    ),
    _said(
        rf"""verscheen\s+(?:eerder|eerst|oorspronkelijk|voor\s+het\s+eerst)\s+(?:op|in|bij)\s+{_N}
          |(?:eerder|eerst|oorspronkelijk)\s+(?:gepubliceerd|verschenen)\s+(?:op|in|bij|door)\s+{_N}""",
        "verscheen",
        "verschenen",
        "gepubliceerd",
    ),
    _said(
        rf"""(?:pierwotnie|oryginalnie|po\s+raz\s+pierwszy)\s+(?:opublikowan\w+|ukazał\w*\s+się)\s+(?:w|we|na|przez)\s+{_N}
          |(?:opublikowan\w+|ukazał\w*\s+się)\s+(?:pierwotnie|oryginalnie|po\s+raz\s+pierwszy)\s+(?:w|we|na|przez)\s+{_N}
          |pochodzi\s+z\s+serwisu\s+{_N}""",
        "pierwotnie",
        "oryginalnie",
        "pierwszy",
        "serwisu",
    ),
    _said(
        rf"""(?:ursprungligen|först|oprindeligt?|opprinnelig|først)\s+(?:publicera\w*|publicere\w*|publisert|udgivet|bragt)\s+(?:i|på|av|af|hos)\s+{_N}
          |publicera\w*\s+(?:ursprungligen|först)\s+(?:i|på|av|hos)\s+{_N}
          |(?:dök\s+först\s+upp|dukket\s+først\s+opp)\s+på\s+{_N}""",
        "ursprungligen",
        "oprindelig",
        "opprinnelig",
        "först",
        "først",
    ),
    _said(
        rf"""(?:původně|pôvodne|poprvé)\s+(?:vyš\w+|publikován\w*|zveřejněn\w*|publikovan\w*)\s+(?:na|v|ve)\s+{_N}""",
        "původně",
        "pôvodne",
        "poprvé",
    ),
    _said(
        rf"""(?:apărut|publicat)\s+(?:inițial|iniţial|(?:pentru\s+)?prima\s+(?:dată|oară))\s+(?:în|pe|la|de)\s+{_N}""",
        "apărut",
        "publicat",
    ),
    _said(rf"""eredetileg\s+az?\s+{_M}(?:-?[aoeöő]?n|-?b[ae]n|\s+oldal[ao]n)\s+jelent\s+meg""", "eredetileg"),
    _said(rf"""(?:prvi\s+put|prvobitno|izvorno|prvotno|najprej)\s+objavljen\w*\s+(?:na|u|v)\s+{_N}""", "objavljen"),
    _said(
        rf"""lk\s+(?:olarak|kez|defa)\s+{_M}(?:\s+(?:web\s+|internet\s+)?(?:site|gazete|dergi)si\w*|['’]\w{{2,3}}|\s+tarafından|\s+üzerinde)\s+(?:yay[ıi]m?n?lan|çık)\w+""",
        "lk olarak",
        "lk kez",
        "lk defa",
    ),
    _said(
        rf"""(?:pertama\s+kali|awalnya|sebelumnya)\s+(?:telah\s+)?(?:terbit|tayang|dimuat|dipublikasikan|diterbitkan|muncul)\s+(?:di|pada|oleh)\s+{_N}
          |(?:terbit|tayang|dimuat|dipublikasikan|diterbitkan|muncul)\s+pertama\s+kali\s+(?:di|pada|oleh)\s+{_N}""",
        "pertama",
        "awalnya",
        "sebelumnya",
    ),
    _said(
        rf"""(?:xuất\s+bản|đăng|đăng\s+tải|xuất\s+hiện)\s+(?:lần\s+)?đầu(?:\s+tiên)?\s+(?:trên|tại|ở|bởi)\s+{_N}""",
        "đầu",
    ),
)
_OTHERS: tuple[Said, ...] = (
    _said(
        rf"""(?:впервые|изначально|первоначально)\s+(?:был[ао]?\s+)?(?:опубликован\w*|появи\w+|выш\w+)\s+(?:на|в|во)\s+{_N}
          |появи\w+\s+(?:сначала|впервые)\s+на\s+{_N}""",
        "впервые",
        "изначально",
        "первоначально",
        "появи",
    ),
    _said(
        rf"""(?:вперше|уперше|спочатку|спершу)\s+(?:опублікован\w*|оприлюднен\w*|з['’ʼ]яви\w+|вийш\w+)\s+(?:на|в|у|від)\s+{_N}
          |явил\w+\s+спочатку\s+на\s+{_N}""",
        "вперше",
        "уперше",
        "спочатку",
        "спершу",
    ),
    _said(rf"""(?:първоначално|за\s+първи\s+път)\s+(?:е\s+)?публикуван\w*\s+(?:в|на|от)\s+{_N}""", "първ"),
    _said(
        rf"""δημοσιεύ[θτ]ηκε\s+(?:αρχικά|πρώτα|για\s+πρώτη\s+φορά)\s+(?:στον?|στην?|στις?|από)\s+{_N}
          |εμφανίστηκε\s+πρώτα\s+στον?\s+{_N}""",
        "δημοσιεύ",
        "εμφανίστηκε",
    ),
    _said(rf"""(?:نشر|ظهر)ت?\s+.{{0,60}}?أول(?:اً|ًا|ا)?\s+(?:في|على)\s+{_N}""", "أول"),
    _said(rf"""(?:اولین\s+بار|نخستین\s+بار|ابتدا)\s+(?:در|توسط)\s+{_M}\s+(?:منتشر|چاپ)""", "اولین", "نخستین", "ابتدا"),
    _said(rf"""(?:פורסמה?|הופיעה?)\s+(?:לראשונה|במקור)\s+ב[־-]?\s?{_N}""", "לראשונה", "במקור"),
    _said(
        rf"""(?:首发于|首發於|最先出现在|最早出現於|最早發佈於|转载自|轉載自|转自|轉自|摘自|原载于?|原載於?|原刊于|原刊於)\s?[:：]?\s?{_N}""",
        "首发",
        "首發",
        "最先",
        "最早",
        "载自",
        "載自",
        "转自",
        "轉自",
        "摘自",
        "原载",
        "原載",
        "原刊",
    ),
    _said(
        rf"""(?:^|は|：){_M}(?:に|で)(?:最初に|初めて)(?:掲載|公開|発表|表示)され | 初出(?:は|[:：])\s?{_N} | (?:この|本)記事は{_M}から(?:の)?転載""",
        "最初に",
        "初めて",
        "初出",
        "転載",
    ),
    _said(
        rf"""(?:^|[은는]\s){_M}(?:에서|에)\s(?:처음|먼저|최초로)\s(?:게재|발행|공개|등장|실)""",
        "처음",
        "먼저",
        "최초로",
    ),
    _said(
        rf"""मूल\s+रूप\s+से\s+{_M}\s+(?:पर|में|द्वारा)\s+प्रकाशित | (?:^|।\s){_M}\s+(?:पर|में)\s+(?:सबसे\s+पहले|पहली\s+बार)\s+प्रकाशित""",
        "प्रकाशित",
    ),
)
_PLAIN = tuple(stem for stems, _ in _LATIN for stem in stems if stem.isascii())
_ACCENTED = tuple(stem for stems, _ in _LATIN for stem in stems if not stem.isascii())
_OTHER = tuple(stem for stems, _ in _OTHERS for stem in stems)
_OTHER_SCRIPT = re.compile("[\u0370-\u1cff\u3005-\ud7ff]")
_QUOTES = " \t\n\xa0\"'“”„«»『』「」《》"
_WHERE = re.compile(
    r"""^(?:the\s+(?:web)?site\s+(?:of\s+)?|der\s+(?:web)?seite\s+(?:von\s+)?|le\s+site\s+(?:de\s+|du\s+)?|(?:el\s+)?sitio(?:\s+web)?\s+(?:de(?:l)?\s+)?
    |(?:o\s+)?(?:site|portal)\s+(?:d[oae]\s+)?|(?:il\s+)?sito\s+(?:di\s+|del\s+)?|de\s+website\s+(?:van\s+)?|stronie\s+(?:internetowej\s+)?|portalu\s+
    |сайте\s+|портале\s+|издании\s+|газете\s+|журнале\s+|сайті\s+|порталі\s+|виданні\s+|газеті\s+|situs\s+|laman\s+|trang\s+|báo\s+|موقع\s+|وبسایت\s+)+
    |^(?:この|本)記事は|^(?:이|본)\s?(?:기사|글)[은는]\s|^यह\s+(?:लेख|खबर)\s+""",
    re.IGNORECASE | re.VERBOSE,
)


def originally(text: str) -> str:
    """Who is said to have published it first, "" where nobody is."""
    low = text.lower()
    if not _may_say(low):
        return ""
    return next((name for expression in _worth_trying(low) for name in _names(expression, text)), "")


def any_may_say(texts: Iterable[str]) -> bool:
    """Whether it is worth asking any of these: asked of all at once it costs half."""
    return _may_say("\n".join(texts).lower())


def _may_say(low: str) -> bool:
    for stem in _PLAIN:  # a plain loop over one tuple: this is asked of nearly every line, and nearly always in vain
        if stem in low:
            return True
    return not low.isascii() and any(stem in low for stem in (_OTHER if _OTHER_SCRIPT.search(low) else _ACCENTED))


def _worth_trying(low: str) -> Iterator[re.Pattern[str]]:
    for stems, expression in (*_LATIN, *_OTHERS):
        if any(stem in low for stem in stems):
            yield expression


def _names(expression: re.Pattern[str], text: str) -> Iterator[str]:
    for match in expression.finditer(text):
        name = next((one for one in match.groups() if one), "").strip(_QUOTES)
        name = _WHERE.sub("", name).strip(_QUOTES) or name
        if not _is_common(name):
            yield name


def _is_common(name: str) -> bool:
    """Whether it is a year, or several words without a capital: "in 1911", "in a small town"."""
    return name[:1].isdigit() or len(name) < 2 or (name.islower() and len(name.split()) > 2)

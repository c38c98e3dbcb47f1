# ruff: noqa: E501  one language a line reads better unbroken
"""Notices that the article first stood elsewhere: "The post … appeared first on …", in the words of WordPress's own
translations, and "This article was originally published by …" as people write it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extraction.lines import fold, inner_sentences, words
from crawler.extraction.sentences import speaks

_WORDS = 16
"""The most words that a notice has beside the article's title."""
_NOTICE = re.compile(
    r"""\bappeared\s+first\s+on\b | ^\W*(?:the|this)\s+(?:post|article|story|entry)\b.{1,300}\bwas\s+first\s+(?:seen|published|posted)\s+(?:on|in|at|by)\b
    |^\W*(?:this|the)\s+(?:[\w-]+\s+){0,2}?(?:post|article|story|piece|report|essay|column|content|news|interview)\s+
      (?:(?:was|is|were|has|had|have)\s+(?:been\s+)?)?(?:originally|first|initially|previously)\s+
      (?:published|appeared|posted|printed|written|released|produced|reported|ran)\b
    |^\W*this\s+(?:[\w-]+\s+){0,2}?(?:post|article|story|piece|report|essay|column|content|news|interview)\s+
      (?:(?:was|is|has)\s+(?:been\s+)?)(?:[\w-]+\s+)?(?:republished|reproduced|syndicated|reprinted|sourced|provided|adapted|translated)\b
    |has\s+not\s+been\s+edited\s+by | published\s+from\s+a\s+syndicated\s+feed
    |^\W*(?:republished|reprinted|reproduced|published)\s+(?:here\s+)?(?:with|by)\s+(?:\w+\s+)?permission
    |\berschien\s+zuerst\b | \bzuerst\s+(?:auf|bei|in)\b.{0,80}\berschienen
    |^\W*(?:dieser|der|dieses|das|diese|die)\s+(?:text|artikel|beitrag|bericht|interview|kommentar|reportage)\s+(?:ist|wurde|erschien).{0,30}
      \b(?:zuerst|ursprünglich|zunächst|zuvor|erstmals)\b
    |^\W*(?:zuerst|ursprünglich|erstmals)\s+(?:veröffentlicht|erschienen|publiziert)\s+(?:auf|bei|in|im|von|am)\b
    |est\s+apparu\s+en\s+premier\s+sur | \ba\s+été\s+(?:initialement|d['’]abord|originellement)\s+publié
    |^\W*(?:(?:cet|l['’])\s?article|ce\s+texte)\s+.{0,60}(?:paru|publié)\w*\s+(?:\w+\s+)?(?:initialement|d['’]abord|à\s+l['’]origine|pour\s+la\s+première\s+fois|sur|dans)\b
    |\b(?:initialement|originellement)\s+(?:paru|publié)e?\s+(?:dans|sur|par|chez)\b
    |(?:se\s+publicó|apareció|aparece)\s+primero\s+en | \bpublicad[oa]\s+(?:originalmente|originariamente|inicialmente|por\s+primera\s+vez)\s+(?:en|por)\b
    |^\W*(?:este|esta|el|la)\s+(?:artículo|nota|texto|noticia|reportaje|entrada|columna)\s+(?:se|fue|ha\s+sido|apareció)\b.{0,30}(?:originalmente|inicialmente|primero|por\s+primera\s+vez)
    |(?:apareceu|aparece)\s+primeiro\s+em | \bfoi\s+publicad[oa]\s+(?:originalmente|primeiro|inicialmente)\b
    |^\W*(?:este|esta|o|a)\s+(?:artigo|texto|matéria|reportagem|post|notícia)\s+(?:foi|saiu|apareceu).{0,30}(?:originalmente|primeiro|inicialmente|pela\s+primeira\s+vez)
    |\bproviene\s+da\s+\S+\.?$ | ^\W*l['’]articolo\s.{1,300}\s(?:proviene\s+da|sembra\s+essere\s+il\s+primo\s+su)\s
    |(?:è\s+stato|fu)\s+pubblicato\s+(?:originariamente|originalmente|in\s+origine|per\s+la\s+prima\s+volta) | ^\W*(?:originariamente\s+pubblicato|pubblicato\s+(?:originariamente|in\s+origine))\s+(?:su|da|in|nel)
    |^\W*(?:questo|l['’])\s?(?:articolo|pezzo|testo).{0,30}\b(?:apparso|uscito|pubblicato)\s+(?:originariamente|originalmente|in\s+origine|prima|per\s+la\s+prima)
    |verscheen\s+(?:eerst|oorspronkelijk)\s+(?:op|in|bij) | ^\W*dit\s+(?:artikel|stuk|verhaal|bericht|interview)\s+(?:verscheen|is|werd)\b.{0,20}\b(?:eerder|eerst|oorspronkelijk)
    |^\W*oorspronkelijk\s+(?:gepubliceerd|verschenen)\s+(?:op|in|bij|door)
    |pochodzi\s+z\s+serwisu | ^\W*(?:pierwotnie|oryginalnie)\s+opublikowan\w+ | ^\W*(?:ten\s+)?(?:artykuł|tekst|materiał|wywiad)\s.{0,40}\b(?:pierwotnie|po\s+raz\s+pierwszy)\b
    |dök\s+först\s+upp\s+på | ^\W*ursprungligen\s+publicera\w+ | ^\W*(?:artikeln|texten|inlägget|intervjun)\s+(?:är|var|publicerades|har)\b.{0,30}\b(?:ursprungligen|först|tidigare)\s?(?:publicera\w*|i|på)
    |^\W*(?:oprindeligt|opprinnelig)\s+(?:udgivet|publiceret|bragt|publisert) | blev\s+først\s+udgivet\s+på | dukket\s+først\s+opp\s+på
    |^\W*(?:artiklen|artikkelen|teksten|saken)\s+(?:er|ble|blev|var)\b.{0,30}\b(?:oprindeligt|opprinnelig|først)\b
    |^\W*(?:alun\s?perin\s+julkais|julkaistu\s+alun\s?perin) | ^\W*(?:artikkeli|juttu|teksti)\b.{0,300}\b(?:alun\s?perin|ensimmäisen\s+kerran)\b
    |\bse\s+publicó\s+originalmente\b | ^\W*l['’]entrada\s.{1,300}aparegut\s+primer
    |^\W*(?:příspěvek|článek)\s.{1,300}(?:pochází\s+z|poprvé\s+(?:na|vyšel)|původně\s+vyšel) | ^\W*původně\s+(?:vyšlo|publikováno)
    |^\W*az?\(?z?\)?\s.{1,300}(?:bejegyzés|cikk)\s+először\s | ^\W*(?:articolul|acest\s+articol)\s.{0,300}(?:apare|apărut|publicat)\s+(?:prima\s+dată|pentru\s+prima|inițial|mai\s+întâi)
    |εμφανίστηκε\s+πρώτα | ^\W*(?:το|αυτό\s+το)\s+(?:άρθρο|κείμενο).{0,60}(?:δημοσιεύ[θτ]ηκε)\s+(?:αρχικά|πρώτα|για\s+πρώτη) | ^\W*δημοσιεύ[θτ]ηκε\s+αρχικά
    |появил(?:ась|ось|ись|ся)\s+(?:сначала|впервые)\s+на | впервые\s+опубликован
    |^\W*(?:запись|сообщение|публикация|статья)\s.{1,300}(?:впервые|сначала)\s+появил
    |^\W*(?:эта\s+|этот\s+|данная\s+|данный\s+)?(?:статья|материал|текст|публикация|интервью)\s.{0,30}(?:впервые|первоначально|изначально)\s.{0,20}(?:опубликован|вышел|вышла|вышло|появи)
    |^\W*(?:первоначально|изначально)\s+опубликован
    |явил(?:ась|ося|ися|ся)\s+спочатку\s+на | ^\W*(?:запис|публікація|стаття|допис)\s.{1,300}(?:спершу|вперше|уперше|спочатку)\s+з['’ʼ]яви
    |^\W*(?:ця\s+|цей\s+)?(?:стаття|матеріал|текст|публікація)\s.{0,30}(?:вперше|уперше|спочатку|спершу)\s.{0,20}(?:опублікован|оприлюднен|вийш)
    |^\W*(?:вперше|уперше|спочатку)\s+(?:опубліковано|оприлюднено) | ^\W*(?:публикацията|статията)\s.{1,300}(?:се\s+появи|публикувана)\s+(?:първо|за\s+първи)
    |^\W*(?:objava|članak|tekst)\s.{1,300}(?:pojavi(?:la|o)\s+se|je\s+(?:najprej|prvo)|prvi\s+put(?:a)?\s+(?:na|objavljen)) | ^\W*(?:чланак|објава)\s.{1,300}појави\w+\s+прво
    |\b(?:ilk\s+önce|i̇lk\s+önce)\b.{0,80}(?:üzerinde|sitesinde) | ^\W*bu\s+(?:yazı|haber|makale|metin|röportaj)\b.{0,80}\bilk\s+(?:olarak|kez|defa)\b | ^\W*i̇?lk\s+olarak\s.{1,80}\syay[ıi]
    |ظهرت?\s+.{0,200}\sأولا?[ًا]?\s+على | نشر\s+.{0,80}\sأولا?[ًا]?\s+(?:على|في) | ^\W*نشرت?\s+(?:هذا|هذه)\s+(?:المقال|المادة|التقرير|الخبر)
    |^\W*(?:نوشته|این\s+(?:مقاله|مطلب|گزارش|نوشته|یادداشت)).{1,300}(?:اولین\s+بار|نخستین\s+بار|ابتدا|پیش‌تر)\s
    |^\W*(?:הפוסט|הכתבה|המאמר|הטקסט)\s.{0,300}(?:הופיע|הופיעה|פורסם|פורסמה)\s+(?:לראשונה|במקור)
    |最先出现在 | 首发于 | 首發於 | 最早出現於 | 最早發佈於 | ^\W*本文(?:转载自|轉載自|原载|原載|最初|首发|首發|原刊|选自|選自|摘自|转自|轉自|来自|經|经)
    |に最初に表示されました | ^\W*(?:この|本)記事は.{0,80}(?:に(?:掲載|公開|発表)|から(?:転載|提供)|の転載) | 처음\s+등장했습니다 | ^\W*(?:이|본)\s?(?:기사|글|칼럼)[은는].{0,80}(?:처음|먼저|최초)
    |muncul\s+pertama\s+kali\s+(?:di|pada) | ^\W*(?:artikel|berita|tulisan|pos)\s.{0,300}(?:pertama\s+kali|awalnya|sebelumnya)\s+(?:telah\s+)?(?:terbit|tayang|dimuat|dipublikasikan|tampil|diterbitkan|muncul)
    |पहली\s+बार\s+प्रकाशित | मूल\s+रूप\s+से\s.{0,60}प्रकाशित | ^\W*पोस्ट\s.{1,300}सबसे\s+पहले\s
    |^\W*bài\s+(?:viết|báo)\s.{0,300}(?:xuất\s+hiện|đăng|đăng\s+tải)\s+(?:lần\s+)?đầu(?:\s+tiên)?\s | ^\W*บทความ.{1,300}(?:ครั้งแรก)""",
    re.IGNORECASE | re.VERBOSE,
)
_STEMS = (
    "first", "original", "initial", "previous", "republished", "reproduced", "reprinted", "syndicated", "sourced",
    "provided", "adapted", "translated", "edited by", "permission", "zuerst", "ursprünglich", "zunächst", "zuvor",
    "erstmals", "premier", "publié", "paru", "primero", "primera", "publicad", "primeir", "proviene", "pubblicato",
    "apparso", "uscito", "primo", "verscheen", "oorspronkelijk", "eerder", "eerst", "pochodzi", "pierwotn", "oryginaln",
    "po raz", "först", "ursprunglig", "oprindelig", "opprinnelig", "først", "alun perin", "alunperin", "ensimmäisen", "aparegut", "pochází",
    "poprvé", "původn", "először", "prima dat", "inițial", "mai întâi", "pentru prima", "появил", "впервые", "первонач",
    "изначально", "явил", "з'яви", "з’яви", "зʼяви", "вперше", "уперше", "спочатку", "първ", "pojavi", "najprej", "prvi",
    "појави", "önce", "lk olarak", "ilk kez", "ilk defa", "εμφανίστηκε", "δημοσιε", "أول", "نشر", "بار", "ابتدا", "پیش‌تر", "לראשונה", "במקור",
    "最先", "首发", "首發", "最早", "本文", "最初", "記事は", "처음", "먼저", "최초", "pertama", "awalnya", "sebelumnya", "muncul",
    "प्रकाशित", "सबसे", "đầu", "ครั้งแรก",
)  # fmt: skip
"""One of these stands in whatever the notice matches: looking for them first costs a tenth."""
_ASCII_STEMS = tuple(stem for stem in _STEMS if stem.isascii())
_REPORTS = re.compile(
    r"\b(?:says?|said|shows?|showed|found|finds|reveal\w*|warn\w*|claim\w*|argu\w*|according)\b", re.I
)
"""A report about an article goes on to say something; a notice does not."""


def is_notice(text: str, names: Sequence[str] = (), sites: Sequence[str] = (), by_itself: bool = True) -> bool:
    """Whether a line is one. `names` are folded titles of the article: what they report is no sentence of the notice's
    own. A line that holds the article's title, one of `sites` and little else needs no words that are known.
    `by_itself`: whether a notice is believed that does not name the article."""
    low, folded = text.lower(), ""
    if not by_itself:  # of most lines: only what names the article can be one
        folded = fold(text)
        if not any(name in folded for name in names):
            return False
    worded = _is_worded(low)
    if not worded and not (names and any(site in low for site in sites)):
        return False
    folded = folded or fold(text)
    rest = next((folded.replace(name, "", 1) for name in names if name in folded), None)
    named = rest is not None and 2 <= words(rest) <= _WORDS
    if named and rest is not None and any(site in rest for site in sites):
        return True
    own = named or (by_itself and inner_sentences(text) <= 2 and not _reports(text))
    return worded and own and _NOTICE.search(text) is not None


def _is_worded(low: str) -> bool:
    for stem in _ASCII_STEMS if low.isascii() else _STEMS:  # noqa: SIM110  half the cost of any()
        if stem in low:
            return True
    return False


def _reports(text: str) -> bool:
    return _REPORTS.search(text) is not None or speaks(text, 0)

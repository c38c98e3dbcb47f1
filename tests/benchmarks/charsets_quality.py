"""Whether pages are decoded as a browser would: 25 pages of our own whose bytes and labels make it hard.

    python -m tests.benchmarks.charsets_quality

`charsets` is how many of the 25 give every sentence of their article exactly, `charsets_of` is 25.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.extraction import extract
from crawler.items import Article

_TEXTS = {
    "en": (
        "The café on the quay reopened on Friday — the first time since the flood — and sold out before noon.",
        "“Nobody expected that,” said the owner, who paid £40 for the “naïve” sign above the door…",
        "The harbour office has promised a decision on the second jetty before the end of the season.",
    ),
    "ru": (
        "Городской совет во вторник решил не закрывать старый бассейн до конца сезона.",
        "Жители собрали подписи за два дня, и больше всего их было в первые выходные.",
        "Прежний план отозвали после того, как река за одну ночь поднялась на метр.",
    ),
    "uk": (
        "Міська рада у вівторок вирішила не зачиняти старий басейн до кінця сезону.",
        "Мешканці зібрали підписи за два дні, і найбільше їх було в перші вихідні.",
        "Попередній план відкликали після того, як річка за одну ніч піднялася на метр.",
    ),
    "zh": (
        "市议会星期二决定让旧游泳馆一直开放到赛季结束，居民表示欢迎。",
        "居民在两天之内收集了签名，其中大多数是在第一个周末收集的。",
        "此前的计划在河水一夜之间上涨一米之后被撤回，新的计划还没有公布。",
    ),
    "tw": (
        "市議會星期二決定讓舊游泳館一直開放到賽季結束，居民表示歡迎。",
        "居民在兩天之內收集了簽名，其中大多數是在第一個週末收集的。",
        "此前的計畫在河水一夜之間上漲一米之後被撤回，新的計畫還沒有公布。",
    ),
    "ja": (
        "市議会は火曜日、古いプールをシーズンの終わりまで開けておくことを決めた。",
        "住民は二日間で署名を集め、その多くは最初の週末に集まったという。",
        "以前の計画は、川の水位が一晩で一メートル上がったあとに取り下げられた。",
    ),
    "ko": (
        "시의회는 화요일에 낡은 수영장을 시즌이 끝날 때까지 열어 두기로 결정했다.",
        "주민들은 이틀 만에 서명을 모았고 대부분은 첫 주말에 모였다고 한다.",
        "이전 계획은 강물이 하룻밤 사이에 일 미터 불어난 뒤에 철회되었다.",
    ),
    "ar": (
        "قرر مجلس المدينة يوم الثلاثاء إبقاء المسبح القديم مفتوحا حتى نهاية الموسم.",
        "وجمع السكان التوقيعات في يومين وكان معظمها في عطلة نهاية الأسبوع الأولى.",
        "وسحبت الخطة السابقة بعد أن ارتفع النهر مترا كاملا في ليلة واحدة.",
    ),
    "el": (
        "Το δημοτικό συμβούλιο αποφάσισε την Τρίτη να μείνει ανοιχτό το παλιό κολυμβητήριο.",
        "Οι κάτοικοι μάζεψαν τις υπογραφές σε δύο ημέρες, τις περισσότερες το πρώτο σαββατοκύριακο.",
        "Το προηγούμενο σχέδιο αποσύρθηκε όταν ο ποταμός ανέβηκε ένα μέτρο μέσα σε μία νύχτα.",
    ),
    "pl": (
        "Rada miejska zdecydowała we wtorek, że stara pływalnia zostanie otwarta do końca sezonu.",
        "Mieszkańcy zebrali podpisy w dwa dni, większość już w pierwszy weekend, choć padał śnieg.",
        "Wcześniejszy plan wycofano, gdy rzeka w ciągu jednej nocy podniosła się o metr.",
    ),
    "tr": (
        "Belediye meclisi salı günü eski yüzme havuzunun sezon sonuna kadar açık kalmasına karar verdi.",
        "Halk imzaları iki günde topladı, çoğu da ilk hafta sonunda, kar yağışı altında toplandı.",
        "Önceki plan, ırmağın bir gecede bir metre yükselmesinden sonra geri çekilmişti.",
    ),
    "th": (
        "สภาเมืองมีมติเมื่อวันอังคารให้สระว่ายน้ำเก่าเปิดต่อไปจนถึงสิ้นฤดูกาล และชาวเมืองก็ยินดี",
        "ชาวเมืองรวบรวมลายเซ็นได้ภายในสองวัน ส่วนใหญ่ได้มาในสุดสัปดาห์แรก",
        "แผนเดิมถูกถอนออกไปหลังจากแม่น้ำสูงขึ้นหนึ่งเมตรภายในคืนเดียว",
    ),
    "he": (
        "מועצת העיר החליטה ביום שלישי להשאיר את הבריכה הישנה פתוחה עד סוף העונה.",
        "התושבים אספו את החתימות ביומיים, ורובן נאספו כבר בסוף השבוע הראשון.",
        "התוכנית הקודמת נגנזה אחרי שהנהר עלה במטר שלם בלילה אחד.",
    ),
}


@dataclass(frozen=True)
class Case:
    """A page's bytes and headers, and the sentences that it must give."""

    name: str
    body: bytes
    headers: dict[str, str]
    sentences: tuple[str, ...]


def _html(language: str, meta: str = "", lead: str = "") -> str:
    paragraphs = "".join(f"<p>{one} {one}</p>" for one in _TEXTS[language])
    return (
        f"{lead}<!DOCTYPE html><html><head>{meta}<title>{_TEXTS[language][0][:30]}</title></head><body><article>"
        f"<h1>{_TEXTS[language][0][:30]}</h1>{paragraphs}</article></body></html>"
    )


def _case(
    name: str, language: str, encoding: str, *, header: str = "", meta: str = "", lead: str = "", mark: bytes = b""
) -> Case:
    body = mark + _html(language, meta, lead).encode(encoding, "xmlcharrefreplace")
    content_type = f"text/html; charset={header}" if header else "text/html"
    return Case(name, body, {"Content-Type": content_type}, _TEXTS[language])


def _meta(charset: str) -> str:
    return f'<meta charset="{charset}">'


def _http_equiv(charset: str) -> str:
    return f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'


def cases() -> Iterator[Case]:
    """All 25."""
    far = "<!--" + "x" * 900 + "-->"
    yield _case("UTF-8 with nothing said", "en", "utf-8")
    yield _case(
        "UTF-8 with a byte order mark, header says Latin-1", "ru", "utf-8", header="ISO-8859-1", mark=b"\xef\xbb\xbf"
    )
    yield _case("UTF-16, little end first, by its mark", "pl", "utf-16-le", mark=b"\xff\xfe")
    yield _case("UTF-16, big end first, by its mark", "zh", "utf-16-be", mark=b"\xfe\xff")
    yield _case("header UTF-8 against meta windows-1251", "ru", "utf-8", header="utf-8", meta=_meta("windows-1251"))
    yield _case("header windows-1251 against meta UTF-8", "ru", "cp1251", header="windows-1251", meta=_meta("utf-8"))
    yield _case("windows-1251 by http-equiv", "uk", "cp1251", meta=_http_equiv("windows-1251"))
    yield _case("windows-1251 with nothing said", "ru", "cp1251")
    yield _case("KOI8-R by meta", "ru", "koi8-r", meta=_meta("koi8-r"))
    yield _case("Latin-1 by label, windows-1252 in truth", "en", "cp1252", header="ISO-8859-1")
    yield _case("windows-1252 with nothing said", "en", "cp1252")
    yield _case("GBK labelled gb2312", "zh", "gbk", meta=_meta("gb2312"))
    yield _case("GB18030 by header", "zh", "gb18030", header="gb18030")
    yield _case("Big5 by meta", "tw", "big5", meta=_http_equiv("Big5"))
    yield _case("Shift JIS by meta", "ja", "shift_jis", meta=_meta("Shift_JIS"))
    yield _case("EUC-JP by header in quotes", "ja", "euc_jp", header='"EUC-JP"')
    yield _case("EUC-KR by meta", "ko", "euc_kr", meta=_meta("euc-kr"))
    yield _case(
        "windows-1256 by meta behind a long comment", "ar", "cp1256", meta=far[:700] + "-->" + _meta("windows-1256")
    )
    yield _case("Greek by its ISO number", "el", "iso8859-7", header="iso-8859-7")
    yield _case("windows-1250 by meta", "pl", "cp1250", meta=_meta("windows-1250"))
    yield _case("Turkish as Latin-5, label in odd case", "tr", "iso8859-9", header="Iso-8859-9")
    yield _case("TIS-620 by meta", "th", "cp874", meta=_meta("tis-620"))
    yield _case(
        "XML declaration names windows-1255", "he", "cp1255", lead='<?xml version="1.0" encoding="windows-1255"?>'
    )
    stray = _html("ru", _meta("utf-8")).encode()
    cut = stray.index(b"</article>")
    yield Case(
        "UTF-8 with stray bytes behind the text",
        stray[:cut] + b"<p>\xe9\xff \x93</p>" + stray[cut:],
        {"Content-Type": "text/html"},
        _TEXTS["ru"],
    )
    controls = _html("en", _meta("nonsense-8")).replace("</p>", "&#1;&#19;&#xFFFF;</p>").replace("“", "&#147;")
    yield Case(
        "unknown label, references to controls, and &#147; for a quotation mark",
        controls.encode(),
        {"Content-Type": "text/html"},
        _TEXTS["en"],
    )


def right(case: Case) -> bool:
    outcome = extract("https://charset.example/page", case.body, case.headers)
    text = " ".join(outcome.text.split()) if isinstance(outcome, Article) else ""
    return all(sentence in text for sentence in case.sentences)


def measure() -> dict[str, float]:
    """How many are right; those that are not are named on stderr."""
    results = {case.name: right(case) for case in cases()}
    for name in (name for name, fine in results.items() if not fine):
        print(f"charsets: not right: {name}", file=sys.stderr)
    return {"charsets": float(sum(results.values())), "charsets_of": float(len(results))}


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))

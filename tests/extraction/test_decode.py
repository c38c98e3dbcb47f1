# ruff: noqa: E501  pages and tables of cases read better unbroken
"""Twenty-five and more ways in which a page's bytes and its own word about them disagree."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.decode import decode

ENGLISH = "The mayor’s “plan” – in short – costs 40 € more than the naïve résumé said."
GERMAN = "Die Bürgermeisterin sagte, die Größe der Brücke müsse überprüft werden – „schöne Grüße“."
FRENCH = "Le maire a annoncé « très tôt » que l’été serait frais, où qu’on aille, ça va de soi."
POLISH = "Burmistrz ogłosił, że źródło wody zostało odnalezione, ale łąka wciąż jest zalana po ostatniej nocy."
CZECH = "Starosta řekl, že příští týden začnou opravy mostu přes řeku, které potrvají až do léta."
TURKISH = "Belediye başkanı köprünün güçlendirilmesi için çalışmaların kış boyunca süreceğini açıkladı."
RUSSIAN = "Мэр города сообщил, что ремонт старого моста начнётся весной и продлится около двух лет."
UKRAINIAN = "Міський голова повідомив, що ремонт мосту почнеться навесні, і її мешканці чекають уже давно."
GREEK = "Ο δήμαρχος ανακοίνωσε ότι η παλιά γέφυρα θα επισκευαστεί την άνοιξη."
ARABIC = "أعلن رئيس البلدية أن إصلاح الجسر القديم فوق النهر سيبدأ في الربيع المقبل."
HEBREW = "ראש העיר הודיע כי שיפוץ הגשר הישן מעל הנהר יתחיל באביב הקרוב."
THAI = "นายกเทศมนตรีประกาศว่าการซ่อมแซมสะพานเก่าจะเริ่มในฤดูใบไม้ผลิ"
CHINESE = "市长宣布，横跨河流的旧桥将在春天开始修复，工程预计持续两年时间。"
TAIWANESE = "市長宣布，橫跨河流的舊橋將在春天開始修復，工程預計持續兩年時間。"
JAPANESE = "市長は、川にかかる古い橋の修復を来年の春に始めると発表した。"
KOREAN = "시장은 강을 가로지르는 오래된 다리의 보수를 내년 봄에 시작한다고 발표했다."


def page(text: str, charset: str, *, meta: str = "", lang: str = "", filler: str = "") -> bytes:
    tag = f'<meta charset="{meta}">' if meta else ""
    html = f"<!DOCTYPE html><html{f' lang={lang!r}' if lang else ''}><head>{filler}{tag}<title>t</title></head><body><p>{text}</p></body></html>"
    return html.encode(charset)


def header(charset: str) -> str:
    return f"text/html; charset={charset}"


def cases() -> Iterator[tuple[str, str, bytes, str | None]]:
    """(name, the text that must come out, the bytes, the Content-Type)"""
    yield "UTF-8 said by the header", RUSSIAN, page(RUSSIAN, "utf-8"), header("utf-8")
    yield "UTF-8 that nobody declares", ARABIC, page(ARABIC, "utf-8"), "text/html"
    yield "UTF-8 with a mark", GREEK, codecs.BOM_UTF8 + page(GREEK, "utf-8"), header("windows-1253")
    yield "UTF-8 under a header of ISO-8859-1", CZECH, page(CZECH, "utf-8"), header("ISO-8859-1")
    yield "UTF-8 under a meta of windows-1251", RUSSIAN, page(RUSSIAN, "utf-8", meta="windows-1251"), None
    yield "UTF-16 with a mark", ENGLISH, codecs.BOM_UTF16_LE + page(ENGLISH, "utf-16-le"), None
    yield "UTF-16 without a mark", GERMAN, page(GERMAN, "utf-16-be"), None
    yield "a meta of UTF-16 on a UTF-8 page", FRENCH, page(FRENCH, "utf-8", meta="utf-16"), None
    yield "windows-1252 called ISO-8859-1", ENGLISH, page(ENGLISH, "cp1252"), header("iso-8859-1")
    yield "windows-1252 called UTF-8", GERMAN, page(GERMAN, "cp1252", meta="utf-8"), header("utf-8")
    yield "windows-1252 that nobody declares", FRENCH, page(FRENCH, "cp1252"), None
    yield (
        "windows-1250 in a meta far down",
        POLISH,
        page(POLISH, "cp1250", meta="windows-1250", filler=f"<script>{'x' * 9000}</script>"),
        None,
    )
    yield "ISO-8859-2 that nobody declares", POLISH.replace("–", "-"), page(POLISH, "iso8859-2", lang="pl"), None
    yield "windows-1254 by the page's language", TURKISH, page(TURKISH, "cp1254", lang="tr"), None
    yield "windows-1251 that nobody declares", RUSSIAN, page(RUSSIAN, "cp1251"), None
    yield "windows-1251 under a header of ISO-8859-1", RUSSIAN, page(RUSSIAN, "cp1251"), header("iso-8859-1")
    yield "KOI8-R called windows-1251", RUSSIAN, page(RUSSIAN, "koi8-r", meta="windows-1251"), None
    yield "KOI8-U that nobody declares", UKRAINIAN, page(UKRAINIAN, "koi8-u"), None
    yield "windows-1253 in the header", GREEK, page(GREEK, "cp1253"), header("windows-1253")
    yield "windows-1255 by the page's language", HEBREW, page(HEBREW, "cp1255", lang="he"), None
    yield "windows-1256 that nobody declares", ARABIC, page(ARABIC, "cp1256"), None
    yield "windows-874 called TIS-620", THAI, page(THAI, "cp874", meta="tis-620"), None
    yield "GB18030 called GB2312", CHINESE, page(CHINESE, "gb18030", meta="gb2312"), None
    yield "GBK that nobody declares", CHINESE, page(CHINESE, "gbk"), None
    yield "Big5 that nobody declares", TAIWANESE, page(TAIWANESE, "big5"), None
    yield "Shift_JIS in a meta", JAPANESE, page(JAPANESE, "cp932", meta="Shift_JIS"), None
    yield "EUC-JP that nobody declares", JAPANESE, page(JAPANESE, "euc-jp"), None
    yield "ISO-2022-JP in the header", JAPANESE, page(JAPANESE, "iso2022_jp"), header("iso-2022-jp")
    yield "EUC-KR that nobody declares", KOREAN, page(KOREAN, "cp949"), None
    yield "a charset that does not exist", RUSSIAN, page(RUSSIAN, "utf-8", meta="utf8mb4"), header("none-such")
    yield "a quoted charset in the header", GERMAN, page(GERMAN, "cp1252"), 'text/html; charset="ISO-8859-1"'


CASES = list(cases())


@pytest.mark.parametrize(("name", "text", "body", "content_type"), CASES, ids=[case[0] for case in CASES])
def test_charset(name, text, body, content_type):
    assert text in decode(body, content_type)[0]


def test_there_are_enough_cases():
    assert len(CASES) >= 25


def test_stray_bytes_are_mended_one_by_one():
    broken = page(RUSSIAN + " It\x00s", "utf-8").replace(b"It\x00s", b"It\x92s") + b"\xff"
    text, codec = decode(broken, header("utf-8"))
    assert codec == "utf-8"
    assert RUSSIAN in text
    assert "It’s" in text


def test_one_byte_does_not_garble_a_page():
    body = page(CHINESE * 20, "utf-8")
    cut = body[:900] + b"\x80" + body[901:]
    assert CHINESE in decode(cut, header("utf-8"))[0]


@given(st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=40)))
def test_never_raises(body, content_type):
    text, codec = decode(body, content_type)
    assert isinstance(text, str)
    assert codecs.lookup(codec)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=300))
def test_utf8_is_read_as_it_is(text):
    body = f"<p>{text}</p>".encode()
    if not body.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        assert decode(body, "text/html; charset=utf-8")[0] == f"<p>{text}</p>"

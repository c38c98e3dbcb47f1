"""Regular expressions for the sentences by which republishers, themes and plugins give themselves away.

What is a list of words stands in `phrases.toml`; here is what needs a shape.
"""

from __future__ import annotations

import re

from crawler.extraction.phrases import Announces, alternation, words_for

_I, _X = re.IGNORECASE, re.VERBOSE
MARKS = ":：»›▶►→|>–—-"
_MARK = r"\s*(?:[:：»›▶►→|>]+|(?<=[^\x00-\x7f])=|\s[-–—]\s+|\.{2,}|…)\s*"
_SPACED_LETTER = r"[^\W\u3040-\u30ff\u3400-\u9fff]"
_LEAD = r"^[\W_]*(?:\d{1,2}[.)]\s*)?"


def begins_with(kind: Announces) -> re.Pattern[str]:
    """Matches a line that begins with a phrase of this kind; `mark` is the separator behind it, "" at the line's end,
    None where the line just goes on."""
    return re.compile(rf"{_LEAD}(?P<phrase>{alternation(words_for(kind))})(?!\w)(?P<mark>{_MARK}|\W*$)?", _I)


INSERT, CREDIT, CAPTION = (begins_with(kind) for kind in ("inserts", "credits", "captions"))
PROMPT, ABOUT = begins_with("prompts"), begins_with("authors")
_APPEAL = re.compile(rf"\W{{0,3}}(?:{alternation(words_for('appeals'))})(?!{_SPACED_LETTER})", _I)
_LEADING_UP = re.compile(rf"[?!？！,،，]\s*(?:{_SPACED_LETTER}{{2,5}}\s+)?")


def asks(text: str) -> int | None:
    """Where an appeal ends that stands at the beginning, or behind a question or condition that leads up to it."""
    leading = (place for match in _LEADING_UP.finditer(text) for place in (match.start() + 1, match.end()))
    for place in (0, *leading):
        if match := _APPEAL.match(text, place):
            return match.end()
    return None


CREDIT_TAIL = re.compile(
    r"""(?:[\[(（]\s*(?:file\s*:?\s*)?[^\[\]()]{2,60}\s?(?:/|\svia\s)\s?(?-i:[A-ZÀ-Þ])[^\[\]()]{1,60}[\])）]\s*\.?
    |[\[(（]\s*(?:photo|image|foto|bild|fot\.|фото|صورة|图|圖|写真|사진)\b[^\[\]()]{0,80}[\])）]\s*\.?
    |(?:^|[/:(|\[]|\svia)\s*(?:getty\s+images|shutterstock|istock|unsplash)\b[^.!?]{0,30}
    |\breuters/[\w .'-]{2,40} | \b[\w.'-]{2,40}/(?:afp|ap|epa|reuters|getty)\b[^.!?]{0,30}
    |\|\s*(?:photo|image|foto)\b.{0,80}
    |©\s?[\w .,/&'-]{2,80}
    |(?:^|[\s.([|])(?:CREDIT_WORDS)\s?[:：]\s*[^.!?:()\[\]]{2,60}[)\]]?)$""".replace(
        "CREDIT_WORDS", alternation(word for word in words_for("captions") if word.isalpha())
    ),
    _I | _X,
)
BRACKETED = re.compile(r"\s\[(?P<name>[^\[\]\d]{5,60})\]$")
CREDIT_SIGNS = re.compile(r"[\[(（/|©:：]|getty|shutterstock|istock|unsplash", _I)
"""Whatever CREDIT_TAIL matches has one of these: looking for them first costs a tenth."""
BREADCRUMB = re.compile(r"^\W*[\w &'-]{2,30}\s*[»›]\s|^\W*home\s*(?:[/>»›|]\s*\w|$)", _I)
PLUGIN_STEMS = ("akismet", "this entry was", "required fields", "follow any responses")
PLUGIN = re.compile(
    r"\bakismet\b|^\W*this entry was posted\b|\brequired fields are marked\b|\bfollow any responses to this entry\b", _I
)
COOKIES = re.compile(
    r"\b(?:we|our|this (?:web)?site|your consent|partners?|wir|diese (?:web)?seite|nous|ce site|este sitio"
    r"|este site|questo sito|мы|сайт|bu site)"
    r"\b.{0,160}\b(?:cookies?|куки|çerez\w*)\b|\b(?:accept|manage|allow)\s+(?:all\s+)?cookies\b",
    _I,
)
CHANNELS = (
    "t.me/", "telegram", "whatsapp", "телеграм", "вайбер", "ватсап", "вконтакте", "дзен", "تلغرام", "تيليغرام",
    "تليجرام", "واتساب", "فيسبوك", "تويتر", "يوتيوب", "تلگرام", "اینستاگرام", "واتس‌اپ", "viber", "newsletter",
    "google news", "google haberler", "google noticias", "google notícias", "google nieuws", "google новости",
    "facebook", "twitter", "instagram", "youtube", "bluesky", "mastodon", "zalo", "微信", "微博", "公众号",
    "公眾號", "电报", "line好友", "lineで", "line@", "ライン", "メルマガ", "メールマガジン", "インスタ",
    "ツイッター", "フェイスブック", "카카오톡", "카톡", "텔레그램", "유튜브", "페이스북", "인스타그램",
    "네이버", "व्हाट्स", "वॉट्स", "टेलीग्राम", "फेसबुक", "यूट्यूब", "गूगल न्यूज", "טלגרם", "וואטסאפ", "ווטסאפ",
    "פייסבוק", "ফেসবুক", "ইউটিউব",
)  # fmt: skip
_ASCII_CHANNELS = tuple(name for name in CHANNELS if name.isascii())


def names_channel(low: str) -> bool:
    """Whether a lower-cased text names a network or a letter that readers follow."""
    for name in _ASCII_CHANNELS if low.isascii() else CHANNELS:  # noqa: SIM110  half the cost of any()
        if name in low:
            return True
    return False


URGE = re.compile(
    r"""\b(?:subscribe|join|follow|sign\s+up|click|download|add\s+us|like\s+(?:us|our)|turn\s+on|stay|get\s+our|abonnier\w*
    |folge\w*|klick\w*|abonnez|suivez|rejoignez|cliquez|recevez|suscr\w+|síg\w+|únete|entra|haz\s+clic|recibe|inscrev\w+
    |sig[ao]|entre|clique|participe|receba|curta|iscriviti|seguici|unisciti|clicca|ricevi|abonneer|volg|klik|подпи\w+
    |присоедин\w+|читайте|вступайте|жмите|підпи\w+|приєдн\w+|долуча\w+|takip|katıl\w*|abone|tıkla\w*|subskryb\w+|obserwuj
    |dołącz|kliknij|sledujte|přidejte|odebírejte|kövess\w*|csatlakoz\w*|urmăr\w*|abona\w*|följ|prenumerera|følg|abonner
    |seuraa|tilaa|ikuti|gabung|bergabung\w*|ακολουθ\w+|εγγραφ\w+|γίνετε|اشترك\w*|تابع\w*|انضم\w*|دنبال|بپیوندید|عضو
    |مشترک|עקבו|הצטרפו|הירשמו|फॉलो|जुड़|सब्सक्राइब)
    |订阅|关注|加入|扫码|扫描|添加|訂閱|關注|掃碼|追蹤|按讚|フォロー|登録|受け取|友だち|구독|팔로우|추가|가입|tham\s+gia
    |theo\s+dõi|đăng\s+ký|ติดตาม|เพิ่มเพื่อน|ফলো|সাবস্ক্রাইব""",
    _I | _X,
)
PLEASE = ("please ", "bitte ", "por favor", "per favore", "пожалуйста", "будь ласка", "lütfen ", "請", "请")
OURS = re.compile(
    r"""\b(?:us|our|\w*[áéíóú]\w{1,4}[aei]nos|uns|unser\w*|nous|notre|nos|nuestr\w+|noss[oa]s?|conosco|connosco|nostr[oaie]|noi|ons|onze|нас|нам|наш\w*
    |bize|bizi|bizim|\w+[ıiuü]m[ıiuü]z\w*|nas|nam|nasz\w*|nás|nám|náš|naš\w*|oss|vår[at]?|våra|os|vores|meitä|meille|minket|nekünk|noastr\w+
    |μας|ما|kami|kita|chúng\s+tôi|\w+نا|لنا|بنا)\b|我们|我們|本报|本報|本站|本刊|公众号|私たち|当サイト|弊紙|우리|저희|본지|हमारे|हमारी|हमारा|हमें|हमसे""",
    _I | _X,
)
MAIL = re.compile(
    r"""\b(?:inbox|mailbox|newsletters?|e-?mails?|postfach|posteingang|boîte\s+(?:mail|de\s+réception|aux\s+lettres)|bandeja\s+de\s+entrada|correo
    |caixa\s+de\s+entrada|casella|skrzynk\w+|почт\w+|рассылк\w+|розсилк\w+|e-posta|bülten\w*|بريدك|النشرة|nieuwsbrief|nyhetsbrev\w*|nyhedsbrev\w*
    |biuletyn\w*|hírlevél\w*|uutiskirje\w*|boletín|comments?|kommentare?\w*|commentaires?|comentarios?|comentários?|commenti|reacties|komentarz\w*
    |комментари\w+|коментар\w+|yorum\w*)\b|邮箱|邮件|メール|이메일|评论|留言""",
    _I | _X,
)
BYLINE = re.compile(
    r"^\W*(?:(?:written|reported|posted|published|edited)\s+)?"
    r"(?:by|von|par|por|di|door|av|przez|автор|автори|авторы|yazar|بقلم|كتب|作者|記者|记者|文)"
    r"\s*[:：]?\s+(?P<name>[^.!?]{2,80})$",
    _I,
)
DATE_LINE = re.compile(
    r"^\W*(?:(?:published|posted|updated|last\s+updated|modified|on|date)\s*(?:on|at)?\s*:?\s*)*(?:\w{3,12},?\s+)?"
    r"(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日"
    r"|\d{1,2}\.?\s+\w{3,12}\.?,?\s+\d{4}|\w{3,12}\.?\s+\d{1,2},?\s+\d{4})"
    r"[\s,|·•-]*(?:at|um|à|a las|в)?\s*(?:\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:uhr|[A-Z]{2,5})?)?\W*$",
    _I,
)
BROKEN_OFF = re.compile(r"\s*(?:\[\s*)?(?:…|\.{3}|&hellip;)(?:\s*\])?\s*(?:\w+\s?){0,4}[»→]?$")

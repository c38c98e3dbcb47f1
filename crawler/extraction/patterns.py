"""Regular expressions for the sentences by which republishers, themes and plugins give themselves away.

What is a list of words stands in `phrases.toml`; here is what needs a shape.
"""

from __future__ import annotations

import re

from crawler.extraction.phrases import Announces, alternation, words_for

_I, _X = re.IGNORECASE, re.VERBOSE
MARKS = ":：»›▶►→|>–—-"
_MARK = r"\s*(?:[:：»›▶►→|>]+|\s[-–—]\s+|\.{2,}|…)\s*"
_SPACED_LETTER = r"[^\W\u3040-\u30ff\u3400-\u9fff]"
_LEAD = r"^[\W_]*(?:\d{1,2}[.)]\s*)?"


def begins_with(kind: Announces) -> re.Pattern[str]:
    """Matches a line that begins with a phrase of this kind; `mark` is the separator behind it, "" at the line's end,
    None where the line just goes on."""
    return re.compile(rf"{_LEAD}(?P<phrase>{alternation(words_for(kind))})(?!\w)(?P<mark>{_MARK}|\W*$)?", _I)


INSERT, CREDIT, CAPTION, PROMPT = (begins_with(kind) for kind in ("inserts", "credits", "captions", "prompts"))
ASKING = re.compile(rf"(?:^|[?!？！]\s*)(?:{alternation(words_for('appeals'))})(?!{_SPACED_LETTER})", _I)
"""At the beginning, or behind a question that leads up to it."""
STAFF = re.compile(rf"^\W*(?:by\s+)?(?:{alternation(words_for('staff'))})\W*$", _I)

# "The post … appeared first on …", in the words of WordPress's own translations, and notices of republication
NOTICE = re.compile(
    r"""\bappeared\s+first\s+on\b
    |^\W*(?:this|the)\s+(?:[\w-]+\s+){0,2}?(?:post|article|story|piece|report|essay|column|content|news|interview)\s+
      (?:(?:was|is|were|has|had|have)\s+(?:been\s+)?)?(?:originally|first|initially|previously)\s+
      (?:published|appeared|posted|printed|written|released|produced|reported|ran)\b
    |^\W*this\s+(?:[\w-]+\s+){0,2}?(?:post|article|story|piece|report|essay|column|content|news|interview)\s+
      (?:(?:was|is|has)\s+(?:been\s+)?)(?:[\w-]+\s+)?(?:republished|reproduced|syndicated|reprinted|sourced|provided|adapted|translated)\b
    |has\s+not\s+been\s+edited\s+by | published\s+from\s+a\s+syndicated\s+feed
    |^\W*(?:republished|reprinted|reproduced|published)\s+(?:here\s+)?(?:with|by)\s+(?:\w+\s+)?permission
    |\berschien\s+zuerst\b | \bzuerst\s+(?:auf|bei|in)\b.{0,80}\berschienen
    |est\s+apparu\s+en\s+premier\s+sur | \ba\s+été\s+(?:initialement|d['’]abord)\s+publié
    |se\s+publicó\s+primero\s+en | \bpublicad[oa]\s+(?:originalmente|por\s+primera\s+vez)\s+(?:en|por)\b
    |apareceu\s+primeiro\s+em | \bfoi\s+publicad[oa]\s+(?:originalmente|primeiro)\b
    |\bproviene\s+da\s+\S+\.?$ | è\s+stato\s+pubblicato\s+(?:originariamente|per\s+la\s+prima\s+volta)
    |verscheen\s+(?:eerst|oorspronkelijk)\s+(?:op|in|bij) | pochodzi\s+z\s+serwisu | dök\s+först\s+upp\s+på
    |появил(?:ась|ось|ись|ся)\s+(?:сначала|впервые)\s+на | впервые\s+опубликован
    |явил(?:ась|ося|ися|ся)\s+спочатку\s+на | ilk\s+önce\b.{0,80}(?:üzerinde|sitesinde) | εμφανίστηκε\s+πρώτα
    |ظهرت?\s+.{0,200}\sأولا?[ًا]?\s+على | نشر\s+.{0,80}\sأولا?[ًا]?\s+(?:على|في)
    |最先出现在 | 首发于 | 最早出現於 | に最初に表示されました | 처음\s+등장했습니다
    |muncul\s+pertama\s+kali\s+(?:di|pada) | पहली\s+बार\s+प्रकाशित""",
    _I | _X,
)
NOTICE_STEMS = (
    "first", "original", "initial", "previous", "republished", "reproduced", "reprinted", "syndicated", "sourced",
    "provided", "adapted", "translated", "edited by", "permission", "zuerst", "premier", "publié", "primero",
    "publicad", "primeiro", "proviene", "pubblicato", "verscheen", "pochodzi", "först", "появил", "впервые", "явил",
    "önce", "εμφανίστηκε", "أول", "最先", "首发", "最早", "最初", "처음", "muncul", "प्रकाशित",
)  # fmt: skip
"""One of these stands in whatever NOTICE matches: looking for them first costs a tenth."""
REPORTS = re.compile(r"\b(?:says?|said|shows?|showed|found|finds|reveal\w*|warn\w*|claim\w*|argu\w*|according)\b", _I)
"""A report about an article goes on to say something; a notice does not."""

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
CREDIT_SIGNS = re.compile(r"[\[(（/|©:：]|getty|shutterstock|istock|unsplash", _I)
"""Whatever CREDIT_TAIL matches has one of these: looking for them first costs a tenth."""
BREADCRUMB = re.compile(r"^\W*[\w &'-]{2,30}\s*[»›]\s|^\W*home\s*(?:[/>»›|]\s*\w|$)", _I)
RIGHTS = re.compile(r"^\W*(?:©|\(c\)|copyright\s*(?:©|\(c\)|\d{4}))|all rights reserved\W*$", _I)
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
    "t.me/", "telegram", "whatsapp", "телеграм", "تلغرام", "تيليغرام", "تليجرام", "واتساب", "viber", "newsletter",
    "google news", "facebook", "twitter", "instagram", "youtube", "微信", "微博",
)  # fmt: skip
URGE = re.compile(
    r"""\b(?:subscribe|join|follow|sign\s+up|click|download|abonnier\w*|folge\w*|abonnez|suivez|rejoignez|suscr\w+|síg\w+
    |únete|inscrev\w+|sig[ao]|iscriviti|seguici|unisciti|abonneer|volg|подпи\w+|присоедин\w+|читайте|підпи\w+|приєдн\w+
    |takip|katıl\w*|abone|subskryb\w+|obserwuj|dołącz|följ|prenumerera|følg|seuraa|ikuti|gabung|اشترك\w*|تابع\w*|انضم\w*
    |订阅|关注|加入|訂閱|フォロー|登録|구독|theo\s+dõi)""",
    _I | _X,
)
PLEASE = ("please ", "bitte ", "por favor", "per favore", "пожалуйста", "будь ласка", "lütfen ", "請", "请")
OURS = re.compile(
    r"""\b(?:us|our|uns|unser\w*|nous|notre|nos|nuestr\w+|noss[oa]s?|conosco|connosco|nostr[oaie]|noi|ons|onze|нас|нам|наш\w*
    |bize|bizi|bizim|\w+[ıiuü]m[ıiuü]z\w*|nas|nam|nasz\w*|nás|nám|náš|naš\w*|oss|vår[at]?|våra|os|vores|meitä|meille|minket|nekünk|noastr\w+
    |μας|ما|kami|kita|chúng\s+tôi|\w+نا|لنا|بنا)\b|我们|我們|本报|本報|本站|本刊|公众号|私たち|当サイト|弊紙|우리|저희|본지""",
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
READING_TIME = re.compile(
    r"^\W*\d{1,3}\s*(?:min(?:ute)?s?|мин\w*|minuten|dakika|分钟|分鐘)\s*(?:read|чтения|lesezeit|okuma)?\W*$", _I
)
ABOUT = re.compile(r"^\W*about\s+(?:the\s+author|admin|[\w.'-]+(?:\s+[\w.'-]+){0,3})\W*$", _I)
BROKEN_OFF = re.compile(r"\s*(?:\[\s*)?(?:…|\.{3}|&hellip;)(?:\s*\])?\s*(?:\w+\s?){0,4}[»→]?$")

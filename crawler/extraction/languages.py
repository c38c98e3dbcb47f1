"""What language a text is in: the page's own word where the text bears it out, else a detector's."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_SAMPLE = 600
"""Characters that are looked at."""
_LEAST = 60
"""Characters below which a text says nothing of its language."""
_SHARE, _AHEAD = 0.18, 2.0
"""Share of a sample's words that are the stated language's commonest, and how many times as many as any other's."""
_COMMONEST = {
    "ar": "في من على إلى أن عن التي الذي هذا هذه مع بعد كان وقد",
    "bg": "на и от за се да че със като през който бе беше са",
    "cs": "v na se je že z do o k pro za jsou bude podle který která při jako byl",
    "da": "og i at det er til på af en for den med der som ikke af har blev fra var også efter",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus hat",
    "el": "και το της να του η για την με των από στο τα στην που είναι στη τον",
    "en": "the of and to in a is that for on with as was by at it from his he be are has have this an were which their",
    "es": "de la que el en y a los del se las por un para con no una su al es como más lo pero ha",
    "fa": "و در به از که این را با است برای آن یک خود تا بر",
    "fi": "ja on ei se että oli hän mutta ovat myös kun joka kuin mukaan ole",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il avec son sont",
    "hi": "के में की है से को का और पर ने कि भी हैं एक यह नहीं",
    "hu": "a az és hogy nem is egy ez volt meg csak el már szerint van",
    "id": "yang dan di untuk dengan dari ini pada itu tidak dalam akan juga telah oleh tersebut",
    "it": "di che e la il un a per in una sono è del non della i con si da le al dei più nel alla gli",
    "nl": "de van het een en in is dat op te zijn voor met die niet aan er om ook als bij maar werd door",
    "pl": "w i na z do się nie że to jest o od za po przez jak dla oraz roku są było który",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como foi ao das à pelo",
    "ro": "de și în la a cu pe nu care din o un că mai pentru se este al au fost",
    "ru": "в и на не что с по из о он как за для от это к был его но также после",
    "sv": "och att det i en som på är av för den med till inte har de ett om var från efter men",
    "tr": "ve bir bu da için ile de olarak olan çok daha gibi sonra kadar ise göre olduğu",
    "uk": "в і на не що з у до та про як за від це є його для під час після але він також",
    "vi": "và của là có các được cho trong với không một những người đã này khi đến",
}
_WORD = re.compile(r"\w+")
_LANGUAGES_OF: dict[str, tuple[str, ...]] = {}
for _language, _words in _COMMONEST.items():
    for _word in set(_words.split()):
        _LANGUAGES_OF[_word] = (*_LANGUAGES_OF.get(_word, ()), _language)


def language_of(text: str, stated: str) -> str | None:
    """A two-letter code: what the text is written in, where it is long enough to tell, else what the page states (a
    tag such as "de-AT", or nothing).

    The text must bear it out because a mirror's theme declares the theme's language.
    """
    match = re.match(r"[A-Za-z]{2,3}", stated)
    declared = match[0].lower() if match else None
    if len(text) < _LEAST:
        return declared
    sample = text[:_SAMPLE]
    if declared is not None and borne_out(sample, declared):
        return declared
    return str(_classify()(sample)[0])


def tag_of(text: str, stated: str) -> str:
    """The stated tag where the text bears its language out ("en-GB"), else the code of the text's own, "" where neither
    is known."""
    code = language_of(text, stated) or ""
    return stated if stated.lower().startswith(code) else code


def borne_out(sample: str, language: str) -> bool:
    """Whether the commonest words of a language, and of no other that is like it, stand in a sample of a text."""
    words = _WORD.findall(sample.lower())
    counts: dict[str, int] = {}
    for word in words:
        for one in _LANGUAGES_OF.get(word, ()):
            counts[one] = counts.get(one, 0) + 1
    own = counts.pop(language, 0)
    return own >= _SHARE * len(words) and own >= _AHEAD * max(counts.values(), default=0)


@cache
def _classify() -> Any:
    # the model costs half a second and 80 MB: only who needs it loads it
    from py3langid import classify

    return classify

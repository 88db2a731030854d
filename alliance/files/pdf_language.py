"""In which language a long text is written: by its script, or by the small words in it.

Knows some more than the library has editions in, so that Danish is not taken for Norwegian, and
says nothing of any other. Used in a bare interpreter, so it needs nothing but Python.
"""

import re
import unicodedata
from collections import Counter
from itertools import chain

_LEAST_WORDS = 20
_LEAST_LETTERS = 30
# So many of a hundred words are small ones in running text, and in another language far fewer.
_LEAST_SHARE = 0.15
_LEAD = 1.25
_WORD = re.compile(r"[^\W\d_]+")

_SMALL_WORDS = {
    "da": "og i det på som er en til at af for med de ikke den har var et om fra sig kan vi men blev "
    "sin eller også skal havde være efter mellem når bliver nogle denne dette hvordan hvor",
    "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es "
    "an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über so zum zur "
    "durch oder sowie wurde wurden haben",
    "en": "the of and to in a is that for on as with are by was this be it from at which or an have "
    "not has were their they been we its but also these more can other than will our between who",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus "
    "le ha este sí porque esta entre cuando muy sin sobre también me hasta hay donde desde son",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus au sur ne pas se ce il "
    "sont avec ou son leur ont cette aux été ces sa mais comme nous être ainsi entre elle",
    "id": "yang dan di untuk dengan dari pada dalam ini adalah itu tidak akan oleh ke atau juga "
    "sebagai telah dapat mereka bahwa secara lebih para tersebut karena antara kami ada serta "
    "bagi seperti melalui sudah hal harus",
    "it": "di e la il che in un per del una della è con dei sono da le si non nel al alla come i "
    "delle gli più o anche dal degli ha questo nella stato loro tra essere questa ai su",
    "nb": "og i det på som er en til å av for at med de ikke den har var et om fra seg kan vi men ble "
    "sin eller også skal hadde være etter mellom når blir noen denne dette hvordan bare",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas ao ele "
    "das à seu sua ou quando muito nos já também pelo pela até isso entre são foi ser",
    "nl": "de het een van en in is dat op te zijn voor met die niet aan er om ook als door naar bij "
    "ze tot worden wordt uit of dan nog over deze heeft maar hun kan meer werd hebben",
    "sv": "och i att det som en på är av för med den till inte har de om ett var från sig kan men "
    "vid eller också ska hade vara efter mellan när blir några denna detta hur så",
    "sw": "na ya wa kwa ni la za katika cha kuwa hii huo hiyo au kama vya lakini yake hayo wao baada "
    "pia sana kila watu hivyo ili mwa zaidi bila mwaka kutoka pamoja yao hizo wake kati huu",
    "tr": "ve bir bu da de için ile olarak çok daha olan gibi en kadar ancak sonra veya ise her ne "
    "olduğu değil göre hem ya bunun tarafından arasında üzere ki yer var önemli oldu",
    "vi": "của và là có các trong được cho với một không những này để từ người đã khi về đến tại như "
    "ra trên vào cũng hoặc nhiều sự việc theo năm nhưng do bị phải",
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
# A word that several languages have says less of each.
_WEIGHTS = {
    word: 1 / count for word, count in Counter(chain.from_iterable(_WORDS.values())).items()
}

# Letters that a script has in other languages only: Persian and Urdu; Ukrainian, Serbian and
# others; Marathi and Nepali are told from Hindi by nothing as simple, and by small words.
_FOREIGN = {"ar": frozenset("پچژگٹڈڑےکی"), "ru": frozenset("іїєґўјљњћђќѓ"), "zh": frozenset()}
_SCRIPTS = {"ARABIC": "ar", "CYRILLIC": "ru", "CJK": "zh", "DEVANAGARI": "hi"}
_HINDI = frozenset(
    [
        "के",
        "में",
        "है",
        "और",
        "की",
        "का",
        "से",
        "को",
        "पर",
        "हैं",
        "एक",
        "यह",
        "ने",
        "भी",
        "लिए",
        "इस",
        "कि",
    ]
)


def language_of(text: str) -> str:
    """The code of the language, as in `nb`; empty where the text is short, mixed or in another."""
    letters = Counter(_script(sign) for sign in text if sign.isalpha())
    script, count = max(letters.items(), key=lambda item: item[1], default=("", 0))
    if count < _LEAST_LETTERS or count < 0.6 * letters.total():
        return ""
    if script == "LATIN":
        return _by_small_words(text)
    language = _SCRIPTS.get(script, "")
    if language == "hi":
        return language if _share(text, _HINDI) > _LEAST_SHARE else ""
    if language == "zh" and letters["HIRAGANA"] + letters["KATAKANA"] > 0.02 * count:
        return ""
    foreign = sum(text.count(sign) for sign in _FOREIGN.get(language, ()))
    return "" if foreign > 0.01 * count else language


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]


def _by_small_words(text: str) -> str:
    words = _WORD.findall(text.casefold())
    if len(words) < _LEAST_WORDS:
        return ""
    counts = Counter(words)
    scores = sorted(
        ((sum(counts[word] * _WEIGHTS[word] for word in small), language))
        for language, small in _WORDS.items()
    )
    (next_best, _other), (best, language) = scores[-2:]
    share = sum(counts[word] for word in _WORDS[language]) / len(words)
    return language if share > _LEAST_SHARE and best > _LEAD * next_best else ""


def _share(text: str, small: frozenset[str]) -> float:
    words = text.split()
    return sum(word in small for word in words) / max(len(words), 1)

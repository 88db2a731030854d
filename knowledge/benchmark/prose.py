"""Text of no meaning whose words are as rare and as common as those of real reports.

The words that people look for come first, made-up ones after them; each word is about as common as
its place in the list says (Zipf). The same seed gives the same text.
"""

import random
from collections.abc import Sequence
from itertools import accumulate

_COMMON = {
    "en": [
        "the",
        "of",
        "and",
        "in",
        "to",
        "a",
        "for",
        "was",
        "with",
        "on",
        "that",
        "by",
        "as",
        "is",
        "their",
        "from",
        "were",
        "this",
        "which",
        "an",
    ],
    "fr": [
        "de",
        "la",
        "le",
        "les",
        "et",
        "des",
        "en",
        "un",
        "une",
        "du",
        "que",
        "dans",
        "pour",
        "par",
        "sur",
        "avec",
        "est",
        "aux",
        "plus",
        "ce",
    ],
    "es": [
        "de",
        "la",
        "que",
        "el",
        "en",
        "y",
        "los",
        "las",
        "del",
        "se",
        "por",
        "con",
        "una",
        "para",
        "un",
        "su",
        "al",
        "es",
        "como",
        "más",
    ],
}
_TOPICS = {
    "en": [
        "cooperation",
        "exchange",
        "programme",
        "institution",
        "learning",
        "ministry",
        "partner",
        "country",
        "region",
        "health",
        "education",
        "staff",
        "river",
        "gauge",
        "harvest",
        "clinic",
        "school",
        "evaluation",
        "knowledge",
        "development",
    ],
    "fr": [
        "coopération",
        "échange",
        "programme",
        "institution",
        "apprentissage",
        "ministère",
        "partenaire",
        "pays",
        "région",
        "santé",
        "éducation",
        "personnel",
        "rivière",
        "école",
        "évaluation",
        "développement",
    ],
    "es": [
        "cooperación",
        "intercambio",
        "programa",
        "institución",
        "aprendizaje",
        "ministerio",
        "socio",
        "país",
        "región",
        "salud",
        "educación",
        "personal",
        "río",
        "escuela",
        "evaluación",
        "desarrollo",
    ],
}
_FIRST = [
    "b",
    "br",
    "c",
    "ch",
    "d",
    "dr",
    "f",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "st",
    "t",
    "tr",
    "v",
    "w",
]
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "ou"]
_LAST = ["", "", "n", "r", "s", "l", "t", "nd"]
_CHINESE = (
    "南北东西合作交流学习国家地区教育卫生农业水粮食政府机构项目报告经验发展伙伴知识技术培训专家"
)
MOST_WORDS = 30_000


class Writer:
    """Writes in one language, with so many words at most."""

    def __init__(self, language: str, words: int = MOST_WORDS) -> None:
        self._random = random.Random(language)  # noqa: S311 - no secret
        self._language = language
        self.words: Sequence[str] = (
            _CHINESE if language == "zh" else self._vocabulary(language, words)
        )
        self._weights = list(accumulate(1 / (place + 8) for place in range(len(self.words))))

    def text(self, words: int) -> str:
        """About so many words, in sentences; in Chinese so many signs."""
        drawn = self._random.choices(self.words, cum_weights=self._weights, k=words)
        if self._language == "zh":
            return "".join(drawn) + "。"
        return ". ".join(
            " ".join(drawn[start : start + 14]).capitalize() for start in range(0, words, 14)
        )

    def _vocabulary(self, language: str, words: int) -> list[str]:
        made = dict.fromkeys([*_COMMON[language], *_TOPICS[language]])
        while len(made) < words:
            made[self._word()] = None
        return list(made)

    def _word(self) -> str:
        pick = self._random.choice
        parts = (pick(_FIRST) + pick(_VOWELS) + pick(_LAST) for _n in range(pick((2, 3, 3, 4))))
        return "".join(parts)


def name(number: int) -> str:
    """A name that no other number has, as of a place."""
    text, rest = "Za", number
    while rest:
        rest, digit = divmod(rest, len(_FIRST))
        text += _FIRST[digit] + "o"
    return text + "quara"

"""The codes that a table may name, with the words that people may have written in their place."""

from collections.abc import Iterable
from dataclasses import dataclass

from alliance.models import Country, Term
from knowledge.exchange.columns import CODES
from knowledge.exchange.problems import nearest


@dataclass(frozen=True)
class Known:
    """For each column of codes: the primary key of each code, and the code of each English word."""

    keys: dict[str, dict[str, int | str]]
    words: dict[str, dict[str, str]]

    @classmethod
    def load(cls) -> "Known":
        """One query for the terms, one for the countries."""
        columns = {vocabulary: column for column, vocabulary in CODES.items()}
        keys: dict[str, dict[str, int | str]] = {column: {} for column in CODES}
        words: dict[str, dict[str, str]] = {column: {} for column in CODES}
        for term in Term.objects.of(*columns).only("vocabulary_id", "code", "label_en"):
            column = columns[term.vocabulary_id]
            keys[column][term.code] = term.pk
            words[column][term.label_en] = term.code
        for country in Country.objects.only("iso2", "name_en"):
            keys["countries"][country.pk] = country.pk
            words["countries"][country.name_en] = country.pk
        return cls(keys, words)

    def unknown(self, column: str, codes: Iterable[str]) -> list[str]:
        return [code for code in codes if code not in self.keys[column]]

    def nearest(self, column: str, code: str) -> str:
        """The code that was probably meant, by its own look or by the word for it."""
        words = self.words[column]
        found = nearest(code, [*self.keys[column], *words])
        return words.get(found, found)

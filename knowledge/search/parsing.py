"""What was typed, as questions to PostgreSQL: quotes, minus and `or`; nothing is an error.

Each language has its own stemming and its own words that do not count ("the", "der"), so a
question is put in every language whose reports the library has, and one that fits is enough. What
is excluded is excluded in any language.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from alliance import reading
from knowledge.folding import CONFIGS, SIMPLE, fold

ALL_CONFIGS = (*sorted(set(CONFIGS.values())), SIMPLE)
# What nobody types; a query with more words takes longer than it can be worth.
MOST_WORDS = 24

_PART = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_WORD = re.compile(r"\w+")
_QUOTES = str.maketrans(dict.fromkeys("“”„«»「」『』", '"'))
# One sign of a text that is kept in pairs: every pair that begins with it.
_LONE_SIGN = re.compile("'([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff])'(?!:)")


@dataclass
class Group:
    """Words and phrases that belong together; an `or` begins another group."""

    words: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)

    @property
    def wanted(self) -> str:
        return " ".join([*self.words, *self.phrases])


class Question(NamedTuple):
    """What was typed, in the languages asked for, as texts of type tsquery; empty: nothing.

    `inside` is for words without places; `exact` minds phrases too; `phrases` holds those of which
    a report needs one in its pages, for each group; `lexemes` are all words, as the index has them.
    """

    inside: str
    exact: str
    phrases: list[tuple[str, list[str]]]
    lexemes: list[str]
    excludes: bool


class _Stemmed(NamedTuple):
    """A group in one language."""

    inside: str
    exact: str
    phrases: list[str]
    without: str
    lexemes: list[str]


def groups(text: str) -> list[Group]:
    """The groups of what was typed, without those that only exclude."""
    found = [Group()]
    left = MOST_WORDS
    for part in _PART.finditer(text.translate(_QUOTES)):
        typed = part["phrase"] if part["phrase"] is not None else part["word"]
        if part["word"] and typed.lower() == "or" and not part["minus"]:
            found.append(Group())
            continue
        typed = " ".join(typed.split()[:left])
        left -= len(typed.split())
        if not any(sign.isalnum() for sign in typed):
            continue
        group = found[-1]
        if part["minus"]:
            group.without.append(typed)
        else:
            (group.phrases if part["phrase"] is not None else group.words).append(typed)
    return [group for group in found if group.wanted]


def question(text: str, configs: Iterable[str]) -> Question:
    """What was typed as one question over these configurations. Empty where nothing can match."""
    stemmed = _stemmed(text)
    chosen = [stemmed[config] for config in configs]
    inside, exact = [], []
    phrases: list[tuple[str, list[str]]] = []
    lexemes: dict[str, None] = {}
    excludes = False
    for alternatives in zip(*chosen, strict=True):
        asked = [one for one in alternatives if one.inside]
        without = any_of(one.without for one in alternatives)
        tail = f" & !{without}" if without else ""
        excludes = excludes or bool(without)
        inside += [f"({one.inside}){tail}" for one in asked]
        exact += [f"({one.exact}){tail}" for one in asked]
        needed = [any_of(texts) for texts in zip(*(one.phrases for one in asked), strict=True)]
        phrases.append((any_of(f"({one.inside}){tail}" for one in asked), [p for p in needed if p]))
        lexemes |= dict.fromkeys(lexeme for one in asked for lexeme in one.lexemes)
    return Question(
        any_of(inside),
        any_of(exact),
        phrases if any(needed for _group, needed in phrases) else [],
        list(lexemes),
        excludes,
    )


def any_of(texts: Iterable[str]) -> str:
    """One of them is enough; the same text once."""
    kept = list(dict.fromkeys(text for text in texts if text))
    return f"({' | '.join(kept)})" if kept else ""


def all_of(*texts: str) -> str:
    """All of them are needed."""
    return " & ".join(f"({text})" for text in texts)


def quoted(lexeme: str) -> str:
    """A word of the index, as it stands in a question."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


@lru_cache(maxsize=2000)
def _stemmed(text: str) -> dict[str, list[_Stemmed]]:
    """Each group in each configuration, in one query; it depends on nothing that changes."""
    asked = groups(text)
    if not asked:
        return {config: [] for config in ALL_CONFIGS}
    selects, values = [], []
    for config in ALL_CONFIGS:
        for group in asked:
            columns, texts = _columns(group, config)
            selects.append(f"SELECT {columns}")
            values += texts
    with reading.connection().cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), values)
        rows = iter(cursor.fetchall())
    return {config: [_read(next(rows)) for _group in asked] for config in ALL_CONFIGS}


def _columns(group: Group, config: str) -> tuple[str, list[str]]:
    """Columns of the same number and type for every group, with their values."""
    plain, phrase = (
        f"plainto_tsquery('{config}', %s)::text",
        f"phraseto_tsquery('{config}', %s)::text",
    )
    phrases = ", ".join([phrase] * len(group.phrases))
    without = ", ".join([phrase] * len(group.without))
    sql = (
        f"{plain}, {plain}, ARRAY[{phrases}]::text[], ARRAY[{without}]::text[], "
        f"tsvector_to_array(to_tsvector('{config}', %s))"
    )
    texts = [
        group.wanted,
        " ".join(group.words),
        *group.phrases,
        *group.without,
        group.wanted,
    ]
    return sql, [fold(text, config) for text in texts]


def _read(row: tuple[str, str, list[str], list[str], list[str]]) -> _Stemmed:
    inside, words, phrases, without, lexemes = row
    exact = [text for text in (words, *phrases) if text]
    return _Stemmed(
        _with_lone_signs(inside),
        _with_lone_signs(" & ".join(f"({text})" for text in exact)),
        [_with_lone_signs(text) for text in phrases],
        any_of(_with_lone_signs(text) for text in without),
        lexemes,
    )


def _with_lone_signs(text: str) -> str:
    return _LONE_SIGN.sub(r"'\1':*", text)


def plain_words(text: str) -> list[str]:
    """The words outside quotes that a report has to have, as they were typed."""
    return [
        word for group in groups(text) for typed in group.words for word in _WORD.findall(typed)
    ]

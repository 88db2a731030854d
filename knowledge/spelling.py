"""British and American spelling brought together, for the search alone: nothing of it is shown.

Rules and not a dictionary: both sides are put through the same ones, so a rule that reaches a word
too many does no harm as long as no two different words meet. The differences are those listed in
the style guides of both sides (-ise/-ize, -our/-or, -re/-er, -ogue/-og, -ence/-ense, ae/e, one l
or two); PostgreSQL's stemming comes after.
"""

import re
from functools import lru_cache

_WORDS = {
    "programme": "program",
    "programmes": "programs",
    "aluminium": "aluminum",
    "ageing": "aging",
    "grey": "gray",
    "plough": "plow",
    "ploughs": "plows",
    "practise": "practice",
    "practised": "practiced",
    "practises": "practices",
    "practising": "practicing",
    "judgement": "judgment",
    "judgements": "judgments",
    "acknowledgement": "acknowledgment",
    "acknowledgements": "acknowledgments",
    "fulfil": "fulfill",
    "fulfils": "fulfills",
    "fulfilment": "fulfillment",
    "enrol": "enroll",
    "enrols": "enrolls",
    "enrolment": "enrollment",
    "instalment": "installment",
    "instalments": "installments",
    "skilful": "skillful",
    "sceptical": "skeptical",
    "enquiry": "inquiry",
    "enquiries": "inquiries",
    "tyre": "tire",
    "tyres": "tires",
    "mould": "mold",
    "storey": "story",
    "storeys": "stories",
    "cheque": "check",
    "cheques": "checks",
}
_RULES = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<=\w{3})is(e|ed|es|er|ers|ing|ation|ations|ational|able)$", r"iz\1"),
        (r"(?<=\w{2})ys(e|ed|es|er|ers|ing)$", r"yz\1"),
        (
            r"(?<=\w{2})our(s|ed|er|ers|ing|al|ally|able|ably|ite|ites|ful|less|ist|ists|ism"
            r"|hood|hoods)?$",
            r"or\1",
        ),
        (r"(cent|met|lit|theat|fib|calib)re(s|d)?$", r"\1er\2"),
        (r"(?<=\w{3})ogue(s)?$", r"og\1"),
        (r"(defen|licen|offen|preten)ce(s|d)?$", r"\1se\2"),
        (
            r"^(travel|model|label|counsel|signal|level|fuel|channel|cancel|total|marvel|panel"
            r"|tunnel|dial|rival|equal|fulfil|enrol)l(ed|ing|er|ers|or|ors)$",
            r"\1\2",
        ),
        (r"^(paed|encyclopaed)", lambda found: found[0].replace("ae", "e")),
        (r"(an|leuk)aem", r"\1em"),
        (r"^(haem|gynaec|archaeo|anaesth|aesth)", lambda found: found[0].replace("ae", "e")),
        (r"^foet", "fet"),
        (r"rrhoea", "rrhea"),
        (r"manoeuv(re|er)", "maneuver"),
    )
]


@lru_cache(maxsize=100_000)
def american(word: str) -> str:
    """A word in small letters as it is spelled in America; any other word as it is."""
    if word in _WORDS:
        return _WORDS[word]
    if len(word) < 5:
        return word
    for pattern, replacement in _RULES:
        word = pattern.sub(replacement, word)
    return word

"""A title for what has none of its own: the first sentence of its description."""

import re

MOST_CHARACTERS = 100

# A full stop counts as an end before white space only, so that 3.5 is no end; the full stops of
# Chinese, Hindi and Arabic need no space after them.
_SENTENCE = re.compile(r"(.+?(?:[.!?](?=\s)|[。！？।؟]|$))", re.DOTALL)


def headline(text: str) -> str:
    """The first sentence, at most 100 characters; a longer one is cut between words and ends in …

    White space becomes single spaces. Empty for a text without words.
    """
    first_line = next((line for line in text.splitlines() if line.strip()), "")
    line = " ".join(first_line.split())
    found = _SENTENCE.match(line)
    sentence = found[1].strip().rstrip(".。।") if found else line
    if len(sentence) <= MOST_CHARACTERS:
        return sentence
    cut = sentence[: MOST_CHARACTERS - 1]
    at_word = cut.rpartition(" ")[0] if " " in cut else cut
    return at_word.rstrip(" ,;:–-") + "…"

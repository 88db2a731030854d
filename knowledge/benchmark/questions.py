"""What is asked of the library that is measured: a fixed mix of what readers type."""

from knowledge.benchmark.prose import MOST_WORDS, Writer, name


def vocabulary(reports: int) -> int:
    """How many words a library of so many reports is written with: small ones have fewer."""
    return min(MOST_WORDS, 1000 + 50 * reports)


def questions(reports: int) -> dict[str, list[str]]:
    """Query strings by kind; rare words are names of which one report has each."""
    words = Writer("en", vocabulary(reports)).words
    middling = [words[len(words) * part // 1000] for part in (10, 30, 70, 130, 270, 530)]
    typed = [word for word in words[200:4000] if len(word) > 7][:4]
    misspelt = [word[:3] + word[4] + word[3] + word[5:] for word in typed]
    return {
        "rare": [f"q={name(reports * part // 7)}" for part in range(1, 6)],
        "middling": [f"q={word}" for word in middling],
        "common": ["q=cooperation", "q=exchange", "q=river", "q=échange"],
        "several words": [
            "q=river+gauge",
            "q=staff+exchange+programme",
            f"q=cooperation+{middling[2]}",
            f"q={middling[0]}+{middling[1]}",
            "q=education+or+health",
            "q=river+-gauge",
        ],
        "phrase": [
            "q=%22river+gauge%22",
            "q=%22exchange+programme%22",
            f"q=%22{words[60]}+{words[80]}%22",
        ],
        "misspelt": [f"q={word}" for word in misspelt],
        "Chinese": ["q=合作", "q=南南合作", "q=教育"],
        "narrowed": [
            "q=exchange&theme=health",
            "q=river&year=2019&region=africa",
            f"q={middling[1]}&country=KE&language=en",
        ],
        "list": [
            "",
            "sort=title",
            "theme=health",
            f"page={max(1, reports // 40)}",
            f"page={max(1, reports // 20)}",
        ],
    }

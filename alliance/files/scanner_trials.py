"""What a scanner must show before its word counts.

A daemon without signatures calls everything clean, and so does one, by default, whose limits a file
has exceeded. Neither can be told from its answer about a real file, so it is asked about two small
ones of which the right answer is known.
"""

import gzip

from alliance.files.clamd import Clamd, NotJudged, ScannerAway

_SECONDS = 10
# The harmless test file of the anti-malware trade (eicar.org), in two halves: scanners know it.
_EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD" + rb"-ANTIVIRUS-TEST-FILE!$H+H*"
# Archives in archives, deeper than any daemon follows (MaxRecursion, 17 unless it is told else).
_LEVELS = 120

NO_SIGNATURES = "clamd does not find the EICAR test file: are its signatures there?"
LIMITS_NOT_TOLD = "clamd calls files clean that exceed its limits: set `AlertExceedsMax yes`"


def try_out(clamd: Clamd) -> None:
    """Raise ScannerAway, with words for whoever runs it, unless the daemon can be relied on."""
    clamd.ping()
    if clamd.scan_bytes(_EICAR, _SECONDS).is_clean:
        raise ScannerAway(NO_SIGNATURES)
    try:
        clamd.scan_bytes(_very_deep(), _SECONDS)
    except NotJudged:
        return
    raise ScannerAway(LIMITS_NOT_TOLD)


def _very_deep() -> bytes:
    content = b"deep"
    for _level in range(_LEVELS):
        content = gzip.compress(content, mtime=0)
    return content

"""Runs Python programs on a portal's data, one line of JSON each; `tests.portal` gives them."""

import contextlib
import io
import json
import os
import sys

import django
from django.db import connections


def main() -> None:
    """Answer each program with what it printed; one that fails ends this with its traceback."""
    # Whatever else is written, as logs are, must not stand between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    django.setup()
    for line in sys.stdin:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(json.loads(line), {"__name__": "__main__"})
        connections.close_all()  # the portal may be stopped before the next one
        answers.write(json.dumps(printed.getvalue()) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()

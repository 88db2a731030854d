"""Counts the pages of one hostile PDF, in a process made for nothing else.

Run by `pdf` as a script of its own, in a bare interpreter without Django. Standard input is the
PDF, standard error takes the number of pages. Arguments: the most bytes of memory, the most
seconds of processor time. A file that cannot be read ends it with an error, or ends it.
"""

import resource
import sys

import pypdfium2

LONGEST_ANSWER = 1000  # bytes


def main() -> None:
    memory, seconds = (int(argument) for argument in sys.argv[1:3])
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, LONGEST_ANSWER),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    document = pypdfium2.PdfDocument(sys.stdin.buffer)
    sys.stderr.write(str(len(document)))


if __name__ == "__main__":
    main()

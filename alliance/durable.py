"""What must be there after the machine has lost its power."""

import os
from pathlib import Path


def settle(file: Path, *, below: Path) -> None:
    """Write the name of a file to the disk, and those of its folders as far as `below`.

    To sync a file keeps what is in it; that it is there is kept by its folder.
    """
    folders = [folder for folder in file.parents if folder.is_relative_to(below)]
    for folder in folders:
        entry = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(entry)
        finally:
            os.close(entry)

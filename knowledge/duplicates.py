"""The same file twice: recognised by its bytes, across the whole library."""

from knowledge.models import EditionFile


def known_file(sha256: str) -> EditionFile | None:
    """A version that has these very bytes, or None where there is none."""
    files = EditionFile.objects.filter(sha256=sha256)
    return files.select_related("edition__report").order_by("-number", "edition").first()


def is_current(file: EditionFile) -> bool:
    """Whether readers get this version, not a later one."""
    return not EditionFile.objects.filter(edition=file.edition_id, number__gt=file.number).exists()

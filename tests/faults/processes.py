"""The processes of a running portal, found by their descent."""

from pathlib import Path


def children(pid: int) -> list[int]:
    """The processes that this one has started, and that still run."""
    tasks = Path(f"/proc/{pid}").glob("task/*/children")
    return [int(child) for task in tasks for child in _read(task).split()]


def command_line(pid: int) -> str:
    """How it was started, or what it calls itself; empty if it has ended."""
    return _read(Path(f"/proc/{pid}/cmdline")).replace("\0", " ")


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:  # it has ended meanwhile
        return ""

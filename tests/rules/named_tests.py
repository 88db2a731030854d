"""Tests that documents name, as `alliance/test_cache.py::test_it`, below the folder of tests."""

import ast
from functools import cache
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]


@cache
def functions_of(file: str) -> set[str]:
    """The functions that a file of tests holds, by name; none where there is no such file."""
    path = TESTS / file
    if path.suffix != ".py" or not path.is_file():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def is_test(named: str) -> bool:
    file, _, name = named.partition("::")
    return name.startswith("test_") and name in functions_of(file)

"""A pytest plugin: the tests find the file of `MUTANT` (as in "alliance/words.py:7") with its fault.

For what takes effect when a file is imported. The rows are there: `DATABASE_URL` names a copy of a
database that a run of the tests has made.
"""

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from types import CodeType, ModuleType

import pytest

from tests.mutants.mutations import CHECKOUT, mutants_of

_path, _, _number = os.environ["MUTANT"].partition(":")
_mutant = mutants_of(_path)[int(_number)]
_module = _path.removesuffix(".py").replace("/", ".")


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        return _mutant.code()


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != _module:
            return None
        file = str(CHECKOUT / _path)
        return spec_from_file_location(fullname, file, loader=_Loader(fullname, file))


assert _module not in sys.modules
sys.meta_path.insert(0, _Finder())


def pytest_sessionstart() -> None:
    pytest.MonkeyPatch().setattr("django.test.utils.setup_databases", lambda **_options: [])

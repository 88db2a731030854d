"""What the documents say is so: files and commands they name exist, lists agree with the code."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

from submissions.management.commands import draw_states
from tests.rules.named_tests import is_test

CHECKOUT = Path(__file__).resolve().parents[2]
# Where documents are looked for: beside the project's own folders, tools leave theirs.
FOLDERS = ("alliance", "docs", "knowledge", "organizations", "static", "submissions", "tests")
DOCUMENTS = sorted(
    [
        *CHECKOUT.glob("*.md"),
        *(path for folder in FOLDERS for path in (CHECKOUT / folder).rglob("*.md")),
    ]
)
README_MOST_LINES = 79

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_QUOTED = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"(?:[\w.-]+/)+[\w.-]*")
_MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")
_MANAGE = re.compile(r"\bmanage\.py ([a-z_]+)")
_OF_A_MACHINE = re.compile(r"(?<![\w.])/(?:home|root|work|Users|mnt|tmp)/|\b[A-Z]:\\")
# Made by a running copy, by the tools, or by whoever follows a recipe.
_NOT_COMMITTED = re.compile(r"(?:var|metrics|\.venv|locale|media|private|staging|static|log|pg)/")

each_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: str(path.relative_to(CHECKOUT))
)


def text_of(*parts: str) -> str:
    return CHECKOUT.joinpath(*parts).read_text(encoding="utf-8")


def test_the_page_of_states_is_drawn_from_the_tables_as_they_are() -> None:
    assert text_of("docs", "states.md") == draw_states.draw(), "run: manage.py draw_states"


def test_the_page_of_inputs_is_drawn_from_the_forms_as_they_are() -> None:
    # In a process of its own: other tests have forms that nobody meets.
    draw = "from submissions.management.commands.draw_inputs import draw; print(draw(), end='')"
    run = [sys.executable, "-c", f"import django; django.setup(); {draw}"]
    drawn = subprocess.run(run, capture_output=True, text=True, check=True, cwd=CHECKOUT).stdout
    assert text_of("docs", "inputs.md") == drawn, "run: manage.py draw_inputs"


def test_the_environment_is_listed_as_it_is_read() -> None:
    read = {
        *variables_read_by("alliance/settings.py"),
        *variables_read_by("alliance/gunicorn_conf.py"),
    }
    assert "SECRET_KEY" in read
    example = re.findall(r"^#?([A-Z_]+)=", text_of(".env.example"), re.MULTILINE)
    explained = re.findall(r"^\| `([A-Z_]+)` \|", text_of("docs", "operations.md"), re.MULTILINE)
    assert sorted(example) == sorted(read)
    assert sorted(explained) == sorted(read)


def variables_read_by(module: str) -> Iterator[str]:
    """The names that a module asks the environment for, by itself or through its helpers."""
    for node in ast.walk(ast.parse(text_of(module))):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            yield ast.literal_eval(node.slice)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {
            "os.environ.get",
            "environment.address",
            "environment.text",
            "environment.required",
            "environment.flag",
            "environment.number",
            "environment.mail_address",
            "environment.one_of",
            "environment.several",
            "environment.secret",
            "environment.hosts",
            "environment.https_address",
        }:
            name = node.args[0]
            if isinstance(name, ast.Constant):
                yield str(name.value)


def test_every_folder_in_the_map_exists_and_every_folder_is_in_it() -> None:
    named = re.findall(r"^\| `([\w-]+)/` \|", text_of("README.md"), re.MULTILINE)
    committed = [folder for folder in named if folder != "var"]
    assert [folder for folder in committed if not (CHECKOUT / folder).is_dir()] == []
    packages = {path.parent.name for path in CHECKOUT.glob("*/__init__.py")}
    assert packages <= set(named)


def test_the_readme_is_short() -> None:
    assert len(text_of("README.md").splitlines()) <= README_MOST_LINES


@each_document
def test_every_link_within_the_project_leads_somewhere(document: Path) -> None:
    links = [link for link in _LINK.findall(document.read_text()) if "://" not in link]
    broken = [link for link in links if not (document.parent / link.split("#")[0]).exists()]
    assert broken == []


@each_document
def test_every_file_that_is_named_exists(document: Path) -> None:
    named = [
        quoted
        for quoted in _QUOTED.findall(document.read_text())
        if _PATH.fullmatch(quoted) and not _NOT_COMMITTED.match(quoted)
    ]
    places = (CHECKOUT, document.parent, CHECKOUT / "templates")
    missing = [name for name in named if not any((place / name).exists() for place in places)]
    assert missing == []


@each_document
def test_every_command_that_is_named_exists(document: Path) -> None:
    text = document.read_text()
    targets = set(re.findall(r"^([a-z][a-z-]*):", text_of("Makefile"), re.MULTILINE))
    quoted = "\n".join([*_QUOTED.findall(text), *re.findall(r"```\n(.*?)```", text, re.DOTALL)])
    assert set(_MAKE.findall(quoted)) <= targets
    assert set(_MANAGE.findall(quoted)) <= set(get_commands())


@each_document
def test_no_document_names_a_path_of_somebodys_machine(document: Path) -> None:
    assert _OF_A_MACHINE.findall(document.read_text()) == []


def test_each_promise_names_tests_that_exist() -> None:
    lines = [line for line in text_of("docs", "promises.md").splitlines() if line.startswith("| ")]
    _head, *promises = lines
    named = {line: re.findall(r"`([\w/]+\.py::\w+)`", line) for line in promises}
    assert [line for line, tests in named.items() if not tests] == []
    assert [test for tests in named.values() for test in tests if not is_test(test)] == []


def test_decisions_are_numbered_without_gaps_and_titled_with_their_number() -> None:
    decisions = sorted((CHECKOUT / "docs" / "adr").glob("*.md"))
    assert [path.name[:5] for path in decisions] == [
        f"{number:04}-" for number in range(1, len(decisions) + 1)
    ]
    for path in decisions:
        lines = path.read_text().splitlines()
        assert lines[0].startswith(f"# {path.name[:4]}. ")
        assert [line for line in lines if line.startswith("## ")] == [
            "## Context",
            "## Decision",
            "## Consequences",
        ]

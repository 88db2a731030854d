"""What `make mutants` plants faults in, by room, and the tests that ought to notice them."""

from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
_EQUIVALENT = Path(__file__).with_name("equivalent.txt")


@dataclass(frozen=True)
class Room:
    """Patterns of files below the checkout.

    A table of constants has no line that a test could reach; `tables` names the tests that are
    about it.
    """

    code: tuple[str, ...]
    tests: tuple[str, ...]
    tables: dict[str, tuple[str, ...]] = field(default_factory=dict)
    but: tuple[str, ...] = ()

    def files(self) -> list[str]:
        found = {path for pattern in self.code for path in paths(pattern)}
        return sorted(found - set(self.but))


ROOMS = {
    "workflow": Room(
        code=(
            "alliance/workflow.py",
            "knowledge/workflow.py",
            "knowledge/actions/moves.py",
            "organizations/workflow.py",
            "organizations/actions/due_diligence*.py",
            "submissions/workflow.py",
            "submissions/actions/changes.py",
            "submissions/actions/clarification_days.py",
            "submissions/actions/clarify.py",
            "submissions/actions/moves.py",
            "submissions/actions/publication*.py",
            "submissions/actions/review.py",
            "submissions/actions/submit.py",
        ),
        tests=(
            "tests/knowledge/test_moves.py",
            "tests/organizations/test_due_diligence_[qsw]*.py",
            "tests/organizations/test_screening_hits.py",
            "tests/submissions/test_answering.py",
            "tests/submissions/test_apply.py",
            "tests/submissions/test_arrival.py",
            "tests/submissions/test_assignment.py",
            "tests/submissions/test_changes*.py",
            "tests/submissions/test_clari*.py",
            "tests/submissions/test_conflicts.py",
            "tests/submissions/test_publication*.py",
            "tests/submissions/test_review.py",
            "tests/submissions/test_states.py",
        ),
        tables={
            "knowledge/workflow.py": ("tests/knowledge/test_moves.py",),
            "organizations/workflow.py": (
                "tests/organizations/test_due_diligence_",
                "tests/organizations/test_screening_hits.py",
                "tests/submissions/test_states.py",
            ),
            "submissions/workflow.py": (
                "tests/submissions/test_clarif",
                "tests/submissions/test_publication",
                "tests/submissions/test_review.py",
                "tests/submissions/test_states.py",
            ),
        },
    ),
    "permissions": Room(
        code=(
            "knowledge/permissions.py",
            "organizations/permissions.py",
            "submissions/permissions.py",
            "submissions/models/submission_queryset.py",
        ),
        tests=(
            "tests/knowledge/test_downloads.py",
            "tests/knowledge/test_moves.py",
            "tests/knowledge/test_permissions.py",
            "tests/organizations/test_permissions.py",
            "tests/rules/test_own_organization.py",
            "tests/submissions/test_attachments.py",
            "tests/submissions/test_conflicts.py",
            "tests/submissions/test_draft_sweeps.py",
            "tests/submissions/test_permissions.py",
            "tests/submissions/test_publication_sweeps.py",
            "tests/submissions/test_routing.py",
        ),
    ),
    "words": Room(
        code=("alliance/words.py", "alliance/limits.py"),
        tests=(
            "tests/alliance/test_crispy_pack.py",
            "tests/alliance/test_limits.py",
            "tests/alliance/test_words.py",
        ),
    ),
    "due_diligence": Room(
        code=("organizations/due_diligence/*.py",),
        tests=(
            "tests/organizations/test_due_diligence_[qsw]*.py",
            "tests/organizations/test_profile.py",
            "tests/organizations/test_screening_[himrs]*.py",
        ),
        tables={
            "organizations/due_diligence/checks.py": ("tests/organizations/test_due_diligence_",),
            "organizations/due_diligence/explanations.py": ("tests/organizations/test_profile.py",),
        },
    ),
    "screening": Room(
        code=("organizations/screening/*.py",),
        but=("organizations/screening/benchmark.py",),
        tests=(
            "tests/organizations/test_due_diligence_[qsw]*.py",
            "tests/organizations/test_list_search.py",
            "tests/organizations/test_screening_[ehimrs]*.py",
        ),
    ),
    "files": Room(
        code=("alliance/files/*.py",),
        but=("alliance/files/urls.py",),
        tests=(
            "tests/alliance/files/test_[cdhlpsu]*.py",
            "tests/alliance/files/test_forms.py",
            "tests/alliance/files/test_resumable_uploads.py",
            "tests/knowledge/test_page_texts.py",
            "tests/knowledge/test_reading.py",
            "tests/organizations/test_documents.py",
            "tests/submissions/test_attachments.py",
        ),
    ),
}


def paths(pattern: str) -> list[str]:
    """The files below the checkout that a pattern stands for."""
    return sorted(str(path.relative_to(CHECKOUT)) for path in CHECKOUT.glob(pattern))


def equivalents() -> dict[str, str]:
    """Faults that change nothing that anybody could notice, with the reason, by their keys."""
    found: dict[str, str] = {}
    key = ""
    for line in _EQUIVALENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("    "):
            found[key] = f"{found[key]} {line.strip()}".strip()
        elif line and not line.startswith("#"):
            key = line
            found[key] = ""
    return found

"""What may be done with submissions. Each action locks its row, is atomic and leaves an event."""

from submissions.actions.apply import (
    NEWER_VERSION,
    NewerVersionSaved,
    save_draft,
    start_application,
    submit,
    withdraw,
)
from submissions.actions.review import (
    confirm_eligibility,
    decide,
    drop_decision,
    edit_letter,
    publish_decision,
    put_for_decision,
    reopen,
    start_review,
    write_note,
)

__all__ = [
    "NEWER_VERSION",
    "NewerVersionSaved",
    "confirm_eligibility",
    "decide",
    "drop_decision",
    "edit_letter",
    "publish_decision",
    "put_for_decision",
    "reopen",
    "save_draft",
    "start_application",
    "start_review",
    "submit",
    "withdraw",
    "write_note",
]

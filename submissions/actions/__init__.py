"""What may be done with submissions. Each action locks its row, is atomic and leaves an event."""

from submissions.actions.attachments import add_attachments, remove_attachment
from submissions.actions.drafts import (
    NEWER_VERSION,
    NewerVersionSaved,
    copy_to_draft,
    discard_draft,
    note_visit,
    save_draft,
    start_draft,
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
from submissions.actions.submit import submit, withdraw

__all__ = [
    "NEWER_VERSION",
    "NewerVersionSaved",
    "add_attachments",
    "confirm_eligibility",
    "copy_to_draft",
    "decide",
    "discard_draft",
    "drop_decision",
    "edit_letter",
    "note_visit",
    "publish_decision",
    "put_for_decision",
    "remove_attachment",
    "reopen",
    "save_draft",
    "start_draft",
    "start_review",
    "submit",
    "withdraw",
    "write_note",
]

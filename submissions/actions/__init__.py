"""What may be done with submissions. Each action locks its row, is atomic and leaves an event."""

from submissions.actions.assignment import HandedOver, assign, hand_over
from submissions.actions.attachments import add_attachments, remove_attachment
from submissions.actions.changes import (
    accept_change,
    drop_change,
    refuse_change,
    send_change,
    take_back_change,
)
from submissions.actions.clarify import (
    Question,
    ask,
    save_answers,
    send_back,
    settle,
    unsettle,
)
from submissions.actions.conflicts import declare_conflict
from submissions.actions.drafts import (
    NewerVersionSaved,
    copy_to_draft,
    discard_draft,
    note_documents,
    note_visit,
    save_draft,
    start_draft,
)
from submissions.actions.letters import bring_back_letter_version, write_letter_version
from submissions.actions.notes import read_mentions, write_note
from submissions.actions.presence import note_review_visit
from submissions.actions.publication import close, fulfil, pause, renew, resume
from submissions.actions.review import (
    confirm_eligibility,
    decide,
    drop_decision,
    edit_letter,
    mark_of_letters,
    publish_decision,
    put_for_decision,
    reopen,
    start_review,
)
from submissions.actions.routing import delete_rule, route_again, save_rule
from submissions.actions.saved_views import delete_view, rename_view, save_view
from submissions.actions.submit import submit, withdraw

__all__ = [
    "HandedOver",
    "NewerVersionSaved",
    "Question",
    "accept_change",
    "add_attachments",
    "ask",
    "assign",
    "bring_back_letter_version",
    "close",
    "confirm_eligibility",
    "copy_to_draft",
    "decide",
    "declare_conflict",
    "delete_rule",
    "delete_view",
    "discard_draft",
    "drop_change",
    "drop_decision",
    "edit_letter",
    "fulfil",
    "hand_over",
    "mark_of_letters",
    "note_documents",
    "note_review_visit",
    "note_visit",
    "pause",
    "publish_decision",
    "put_for_decision",
    "read_mentions",
    "refuse_change",
    "remove_attachment",
    "rename_view",
    "renew",
    "reopen",
    "resume",
    "route_again",
    "save_answers",
    "save_draft",
    "save_rule",
    "save_view",
    "send_back",
    "send_change",
    "settle",
    "start_draft",
    "start_review",
    "submit",
    "take_back_change",
    "unsettle",
    "withdraw",
    "write_letter_version",
    "write_note",
]

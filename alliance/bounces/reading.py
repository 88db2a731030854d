"""Reports of failed delivery as mail servers write them: RFC 3464, and what older ones do instead."""

import re
from email import message_from_bytes
from email.message import Message

from alliance.bounces.verdict import STATUS, Refusal, refusal_in

# More than any report needs; what is longer carries a copy of the mail, which we have.
LARGEST = 2**18  # bytes
_MOST_PARTS = 20
_RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
_ROBOTS = re.compile(r"mailer-daemon|postmaster|mail delivery (sub)?system", re.IGNORECASE)


def parsed(message: bytes) -> Message:
    return message_from_bytes(message[:LARGEST])


def recipients(message: Message) -> list[str]:
    """The addresses that the message may have been sent to."""
    return [str(value) for name in _RECIPIENTS for value in message.get_all(name, [])]


def refusal(message: Message) -> Refusal | None:
    """Why the mail did not arrive; None where the message does not say that it has failed.

    Reports that it is late, has arrived, or that somebody is on holiday are no failures.
    """
    for part in list(message.walk())[:_MOST_PARTS]:
        if part.get_content_type() == "message/delivery-status":
            return _in_report(part)
    if _is_answer_of_a_person(message):
        return None
    return refusal_in(_text(message)) if _is_from_a_robot(message) else None


def _in_report(part: Message) -> Refusal | None:
    """The first recipient whom the mail has failed to reach: ours have one only."""
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if not isinstance(block, Message):
            continue
        action = str(block.get("Action", "")).split("(")[0].strip().lower()
        if action != "failed":
            continue
        status = STATUS.search(str(block.get("Status", "")))
        words = re.sub(r"^\s*[\w-]+\s*;\s*", "", str(block.get("Diagnostic-Code", "")))
        return refusal_in(words, status[0] if status else "")
    return None


def _is_answer_of_a_person(message: Message) -> bool:
    return "replied" in str(message.get("Auto-Submitted", "")).lower() and not message.get(
        "X-Failed-Recipients"
    )


def _is_from_a_robot(message: Message) -> bool:
    """As servers without RFC 3464 write: from nobody, or from their own name."""
    is_from_nobody = str(message.get("Return-Path", "")).strip() == "<>"
    return bool(
        is_from_nobody
        or message.get("X-Failed-Recipients")
        or _ROBOTS.search(str(message.get("From", "")))
    )


def _text(message: Message) -> str:
    """What the message says in its first text, up to the copy of what came back."""
    for part in list(message.walk())[:_MOST_PARTS]:
        if part.get_content_type() == "text/plain":
            content = part.get_payload(decode=True)
            text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
            return re.split(r"(?mi)^-+ ?(?:this is a copy|original message|below this line)", text)[
                0
            ]
    return ""

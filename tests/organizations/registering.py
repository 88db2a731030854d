"""What a browser sends to register, and how a test reads the mail that follows."""

import io
import re
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from alliance.models import OutgoingMail
from organizations.spam import new_ticket

PASSWORD = "seven green parrots sing"


def picture(name: str = "logo.png") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (64, 64), "#009edb").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


def ticket_of_age(seconds: float = 10) -> str:
    """What a form carries that was opened so long ago."""
    now = time.time()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time", lambda: now - seconds)
        return new_ticket()


def registration(**changes: Any) -> dict[str, Any]:
    """A complete registration; a change of None leaves the field out."""
    data = {
        "due_diligence": "on",
        "first_name": "Amara",
        "last_name": "Diallo",
        "email": "Amara.Diallo@Example.org",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "institution": "Office national de l’assainissement",
        "country": "SN",
        "type": "public-institution",
        "type_other": "",
        "function": "South-South cooperation focal point",
        "logo": picture(),
        "ticket": ticket_of_age(),
    } | changes
    return {name: value for name, value in data.items() if value is not None}


def person(**changes: Any) -> dict[str, Any]:
    """A registration of a person alone."""
    names = ("first_name", "last_name", "email", "password1", "password2", "ticket")
    data = registration()
    return {name: data[name] for name in names} | changes


def institution(**changes: Any) -> dict[str, Any]:
    """What somebody with an account sends to register their institution."""
    alone = person()
    return {k: value for k, value in registration().items() if k not in alone} | changes


def mails() -> list[tuple[str, str]]:
    """Every message in the outbox, oldest first, as (message, recipient)."""
    return list(OutgoingMail.objects.order_by("id").values_list("message", "recipient"))


def code_in_mail() -> str:
    """The code in the newest mail, without what makes it readable."""
    text = OutgoingMail.objects.latest("id").text
    found = re.search(r"^\d[\d-]{4,}\d$", text, re.MULTILINE)
    assert found is not None, text
    return found[0].replace("-", "")

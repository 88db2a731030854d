"""What a browser sends to register, and how a test reads the mail that follows."""

import io
import re
import time
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import TimestampSigner, b62_encode
from PIL import Image

from alliance.models import OutgoingMail
from organizations import spam

PASSWORD = "seven green parrots sing"


def picture(name: str = "logo.png") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (64, 64), "#009edb").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


class _EarlierSigner(TimestampSigner):
    """Signs as a signer of the portal did some seconds ago; several threads may, at once."""

    def __init__(self, signer: TimestampSigner, seconds: float) -> None:
        super().__init__(key=signer.key, salt=signer.salt, sep=signer.sep)
        self.seconds = seconds

    def timestamp(self) -> str:
        return b62_encode(int(time.time() - self.seconds))


def ticket_of_age(seconds: float = 10) -> str:
    """What a form carries that was opened so long ago."""
    name = spam.new_ticket().partition(".")[0]
    return _EarlierSigner(spam._signer, seconds).sign(name)


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

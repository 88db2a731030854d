"""People to try the portal with, in local mode only. What they log in with is kept beside the
data, so that it stays the same from start to start, and is shown on the screen alone.
"""

import json
import os
import secrets
import shlex
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction
from PIL import Image, ImageDraw

from alliance import vocabularies
from alliance.files import staging
from alliance.files.pictures import CONTENT_TYPE, make_public_picture
from alliance.models import StagedUpload
from organizations import groups
from organizations.actions.registration import (
    Institution,
    Person,
    Profile,
    appoint,
    change_profile,
    register_organization,
)
from organizations.forms.registration import LOGO_PURPOSE
from organizations.models import Membership, Organization, RelatedName, User

MEMBER = "member@example.org"
STAFF = {
    "reviewer@example.org": (groups.REVIEWER, "Ana", "Duarte"),
    "colleague@example.org": (groups.REVIEWER, "Kofi", "Mensah"),
    "senior@example.org": (groups.SENIOR_REVIEWER, "Samuel", "Okello"),
    "editor@example.org": (groups.LIBRARY_EDITOR, "Mei", "Tan"),
    "admin@example.org": (groups.ADMINISTRATOR, "Rana", "Haddad"),
}
_WORDS = [
    "atlas",
    "baobab",
    "canal",
    "delta",
    "garnet",
    "harbour",
    "island",
    "jasmine",
    "kestrel",
    "lantern",
    "mango",
    "orchard",
    "pebble",
    "river",
    "saffron",
    "tamarind",
    "valley",
    "willow",
]
_NAME = "Lilongwe Centre for Rural Energy"
_DESCRIPTION = (
    "We train technicians and village committees in Malawi to plan, build and keep up small solar "
    "plants. Since 2011 forty-two clinics, schools and mills have been connected. We share our "
    "courses with neighbouring countries and look for partners who have done the same at larger "
    "scale."
)


@dataclass(frozen=True)
class Access:
    """What all demo people log in with; the second factor is that of the staff."""

    password: str
    totp_secret: str


def load_demo_people() -> Access:
    """Make whoever is missing, and see to it that what is shown on the screen opens the doors."""
    access = _access()
    groups.load_groups()
    if not User.objects.filter(email=MEMBER).exists():
        _register_member(access)
    for email, (role, first_name, last_name) in STAFF.items():
        if not User.objects.filter(email=email).exists():
            appoint(
                role,
                email=email,
                first_name=first_name,
                last_name=last_name,
                password=access.password,
                totp_secret=access.totp_secret,
            )
    for user in User.objects.filter(email__in=[MEMBER, *STAFF]):
        _restore(user, access)
    return access


def demo_lines(access: Access) -> list[str]:
    """Who can log in, in a few lines for the screen."""
    staff = ", ".join(email.removesuffix("@example.org") + "@…" for email in STAFF)
    return [
        f"Log in as {MEMBER} with the password {access.password}",
        f"Secretariat: {staff} (example.org), same password, TOTP secret {access.totp_secret}",
        f"Without an app, its code of the moment: {_code_command()}",
        f"The member's code for a new browser comes by mail: {settings.SITE_URL}/local/mail/",
    ]


def _code_command() -> str:
    """The command as it has to be typed for this copy of the portal."""
    data = Path(settings.ALLIANCE_DATA)
    is_usual = data == Path(settings.BASE_DIR) / "var"
    return "make code" if is_usual else f"ALLIANCE_DATA={shlex.quote(str(data))} make code"


def current_code(access: Access) -> str:
    """The code that an authenticator app would show now."""
    return format_hotp_value(hotp_value(access.totp_secret, int(time.time()) // 30))


def _access() -> Access:
    path = Path(settings.ALLIANCE_DATA) / "demo_people.json"
    if path.exists():
        return Access(**json.loads(path.read_text()))
    words = [secrets.choice(_WORDS) for _ in range(3)]
    access = Access("-".join([*words, str(secrets.randbelow(9000) + 1000)]), generate_totp_secret())
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(access), file)
    return access


@transaction.atomic
def _register_member(access: Access) -> None:
    kind = vocabularies.term("organization-type", "public-institution")
    assert kind is not None
    user = register_organization(
        Institution(
            name=_NAME,
            scope=Organization.Scope.NATIONAL,
            country=vocabularies.country("MW"),
            type=kind,
        ),
        person=Person(
            email=MEMBER,
            first_name="Thandiwe",
            last_name="Mbewe",
            function="South-South cooperation focal point",
        ),
        password=access.password,
        logo=_draw_logo(),
    )
    EmailAddress.objects.filter(user=user).update(verified=True)
    organization = Membership.objects.select_related("organization").get(user=user).organization
    change_profile(
        organization,
        by=user,
        profile=Profile(
            website="https://energy.example.org",
            description=_DESCRIPTION,
            related={RelatedName.Kind.HEAD: ["Chimwemwe Kaunda"]},
        ),
    )


def _restore(user: User, access: Access) -> None:
    """Somebody may have changed password or app while trying; the screen must stay right."""
    if not user.check_password(access.password):
        user.set_password(access.password)
        user.save(update_fields=["password"])
    if user.is_staff and not _has_secret(user, access.totp_secret):
        Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
        TOTP.activate(user, access.totp_secret)


def _has_secret(user: User, secret: str) -> bool:
    app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return app is not None and decrypt(app.data["secret"]) == secret


def _draw_logo() -> StagedUpload:
    """A sun over three rows of panels."""
    picture = Image.new("RGB", (480, 480), "#f6f3ed")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((150, 70, 330, 250), fill="#e9a23b")
    draw.rectangle((0, 250, 480, 480), fill="#0c2340")
    for row in range(3):
        top = 272 + 66 * row
        for column in range(5):
            start = 24 + 90 * column
            draw.rectangle((start, top, start + 72, top + 48), fill="#009edb")
            draw.line((start + 36, top, start + 36, top + 48), fill="#0c2340", width=4)
    drawn = staging.new_path()
    picture.save(drawn, "PNG")
    size = drawn.stat().st_size
    public = make_public_picture(drawn, staging.new_path())
    drawn.unlink()
    return staging.hold(
        public.path, LOGO_PURPOSE, name="logo.png", sent_size=size, content_type=CONTENT_TYPE
    )

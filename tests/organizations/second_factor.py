"""What an authenticator app would show."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt

from organizations.models import User


def secret_of(user: User) -> str:
    return decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))

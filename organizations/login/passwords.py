"""What a password must not be: too long to hash, well known, or made of its owner's own words.

There are no rules about which characters it has, and it never expires (NIST SP 800-63B). The least
length stands in the settings.
"""

import gzip
import re
from functools import lru_cache
from pathlib import Path

from django.contrib.auth import password_validation
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from organizations.models import User

MAXIMUM_LENGTH = 128

_LISTS = (
    Path(__file__).parent.parent / "data" / "common_passwords.txt.gz",
    Path(password_validation.__file__).with_name("common-passwords.txt.gz"),
)
_LOOKALIKES = str.maketrans("@0134579$!", "aoieastgsi")
_NOT_LETTERS_AT_THE_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_REPETITION = re.compile(r"(.{1,8}?)\1+", re.DOTALL)
_RUNS = tuple(
    run
    for keys in (
        "012345678901234567890123456789",
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
        "qwertyuiopasdfghjklzxcvbnm",
        "azertyuiopqsdfghjklmwxcvbn",
        "1234567890qwertyuiopasdfghjklzxcvbnm",
    )
    for run in (keys, keys[::-1])
)

_PORTAL_WORDS = frozenset({"unossc", "undp", "alliance", "south", "cooperation"})
_OWN_WORD = re.compile(r"[^\W\d_]{3,}|\d{3,}")
# Letters and digits that must be left when a person's own words are taken out.
_LEFT_AT_LEAST = 8


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id at the strength that OWASP's cheat sheet on storing passwords names first.

    Django's own takes 100 MB for each hash: many logins at once would fill the machine.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # kibibytes
    parallelism = 1


class MinimumLengthValidator(password_validation.MinimumLengthValidator):
    """As Django's, in our words."""

    def get_error_message(self) -> str:
        return ngettext(
            "This password is too short. Please use at least %(limit)d character.",
            "This password is too short. Please use at least %(limit)d characters.",
            self.min_length,
        ) % {"limit": self.min_length}


class MaximumLengthValidator:
    """Bounds the work of hashing."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) > MAXIMUM_LENGTH:
            raise ValidationError(
                ngettext(
                    "This password is too long. Please use at most %(limit)d character.",
                    "This password is too long. Please use at most %(limit)d characters.",
                    MAXIMUM_LENGTH,
                ),
                code="password_too_long",
                params={"limit": MAXIMUM_LENGTH},
            )

    def get_help_text(self) -> str:
        return str(_("At most 128 characters, spaces included."))


class CommonPasswordValidator:
    """Refuses what is guessed first, asking nobody outside."""

    def validate(self, password: str, user: User | None = None) -> None:
        if is_common(password):
            raise ValidationError(
                _("This password is among those that are guessed first. Please choose another."),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return str(_("Not a password that many people use."))


class OwnWordsValidator:
    """Refuses passwords that are little more than the person's, the institution's or our name.

    `user` may be one that is not saved yet, with the institution's name in `institution_name`.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        if user is not None and not has_enough_besides(password, own_words(user)):
            raise ValidationError(
                _(
                    "This password is too close to your name, your email address or the name "
                    "of your institution. Please choose another."
                ),
                code="password_own_words",
            )

    def get_help_text(self) -> str:
        return str(_("Not your name, your email address or the name of your institution."))


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """About 40,000 passwords, in lower case."""
    found: set[str] = set()
    for path in _LISTS:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            found.update(line.rstrip("\n") for line in file)
    return frozenset(found)


def is_common(password: str) -> bool:
    """Whether it is listed, a listed one with digits around it, a repetition or a row of keys."""
    plain = password.casefold().strip()
    core = _NOT_LETTERS_AT_THE_ENDS.sub("", plain)
    listed = common_passwords()
    return (
        not listed.isdisjoint({plain, core, core.translate(_LOOKALIKES)})
        or _REPETITION.fullmatch(plain) is not None
        or any(plain in run for run in _RUNS)
    )


def own_words(user: User) -> frozenset[str]:
    """The words that somebody who knows a little about the person would try, in lower case."""
    texts = [user.first_name, user.last_name, user.email, user.institution_name]
    if user.pk:
        texts += user.memberships.values_list("organization__name", flat=True)
    return _PORTAL_WORDS | set(_OWN_WORD.findall(" ".join(texts).casefold()))


def has_enough_besides(password: str, words: frozenset[str]) -> bool:
    """Whether enough is left of a password once these words are taken out, longest first.

    One that holds none of them is not judged here, whatever it is made of.
    """
    plain = rest = password.casefold()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, " ")
    return rest == plain or sum(letter.isalnum() for letter in rest) >= _LEFT_AT_LEAST

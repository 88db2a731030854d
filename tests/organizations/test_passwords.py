import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from organizations.login.passwords import common_passwords
from organizations.models import Organization, User

COMMON = "This password is among those that are guessed first. Please choose another."
OWN_WORDS = (
    "This password is too close to your name, your email address or the name of your "
    "institution. Please choose another."
)


def person(institution: str = "") -> User:
    user = User(first_name="Chidinma", last_name="Okonkwo-Bello", email="c.okonkwo@moh.example.org")
    user.institution_name = institution
    return user


def complaints(password: str, user: User | None = None) -> list[str]:
    try:
        validate_password(password, user or person())
    except ValidationError as error:
        return error.messages
    return []


@pytest.mark.parametrize(
    "password",
    [
        "seven green parrots sing",
        "        two wide spaces        ",
        "правда в тихой воде",
        "静かな港の夜明けに歌う鳥たち",
        "no-composition-rules-at-all",
        "x" * 32 + " and then " + "some more words that make it long " * 2,
    ],
)
def test_long_sentences_in_any_script_are_welcome(password: str) -> None:
    assert complaints(password) == []


def test_at_least_twelve_characters() -> None:
    assert complaints("tamarind ri") == [
        "This password is too short. Please use at least 12 characters."
    ]


def test_sixty_four_and_up_to_128_characters_are_taken() -> None:
    words = "a harbour, a river, an orchard, a lantern, an island; and then: "
    assert len(words) == 64
    assert complaints(words) == []
    assert complaints(words + words.upper()) == []
    assert complaints(words + words.upper() + ".") == [
        "This password is too long. Please use at most 128 characters."
    ]


@pytest.mark.parametrize(
    "password",
    [
        "qwertyuiop123",
        "Password2024!",
        "p@ssw0rd12345",
        "1234567890123",
        "210987654321098",
        "aaaaaaaaaaaaaa",
        "abcabcabcabc",
        "1q2w3e4r5t6y",
        "2024-sunshine-2024",
        "asdfghjklzxcvbnm",
        "    football    ",
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    assert COMMON in complaints(password)


@pytest.mark.parametrize(
    "password",
    ["Chidinma-2026", "okonkwobello12", "c.okonkwo@moh.example.org", "unossc alliance 1"],
)
def test_own_words_are_refused(password: str) -> None:
    assert complaints(password) == [OWN_WORDS]


def test_words_of_the_institution_are_refused() -> None:
    user = person("Ministry of Water Development")
    assert complaints("Water Ministry 26", user) == [OWN_WORDS]
    assert complaints("water runs under seven bridges", user) == []


@pytest.mark.django_db
def test_words_of_the_institution_count_later_too(owner: User) -> None:
    Organization.objects.update(name="Zambezi Basin Authority")
    assert complaints("Zambezi-Basin-1", owner) == [OWN_WORDS]


def test_lists_are_read_from_two_files() -> None:
    assert {"qwerty", "5532361cnjqrf", "123456"} <= common_passwords()
    assert len(common_passwords()) > 35_000


def test_hash_takes_nineteen_megabytes() -> None:
    assert make_password("seven green parrots sing").startswith(
        "argon2$argon2id$v=19$m=19456,t=2,p=1$"
    )

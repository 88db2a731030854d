import os
from getpass import getpass
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from alliance.exceptions import ActionRefused
from organizations.actions.registration import appoint
from organizations.groups import ADMINISTRATOR, load_groups
from organizations.models import User

PASSWORD_VARIABLE = "ADMINISTRATOR_PASSWORD"  # noqa: S105 - the name of a variable


class Command(BaseCommand):
    help = (
        "Make an administrator, with an authenticator app as second factor. Asks for what is not "
        f"given; the password comes from the prompt or from {PASSWORD_VARIABLE}."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email")
        parser.add_argument("--first-name")
        parser.add_argument("--last-name")

    def handle(self, **options: Any) -> None:
        email = (options["email"] or input("Email address: ")).strip().lower()
        first_name = (options["first_name"] or input("First name: ")).strip()
        last_name = (options["last_name"] or input("Last name: ")).strip()
        person = User(email=email, first_name=first_name, last_name=last_name)
        secret = generate_totp_secret()
        try:
            validate_email(email)
            password = self.password(person)
            load_groups()
            user = appoint(
                ADMINISTRATOR,
                email=email,
                first_name=first_name,
                last_name=last_name,
                password=password,
                totp_secret=secret,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except ActionRefused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{user.email} is an administrator now.")
        self.stdout.write("Put this into an authenticator app; it is not shown again:")
        self.stdout.write(f"  secret  {secret}")
        self.stdout.write(f"  address {get_adapter().build_totp_url(user, secret)}")

    def password(self, person: User) -> str:
        password = os.environ.get(PASSWORD_VARIABLE, "")
        if not password:
            password = getpass("Password: ")
            if getpass("Password (again): ") != password:
                raise CommandError("The two passwords differ.")
        validate_password(password, person)
        return password

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.searching import words_of


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make and save a person; the address is stored in lower case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The email address is the login; staff work for the secretariat.

    Who had their data erased stays as a row without name or address, so that what several people
    did can still be told apart; everywhere it reads "a former member".
    """

    SEARCHED = words_of("first_name", "last_name", "email")

    email = models.EmailField(_("email address"), max_length=254)
    first_name = models.CharField(_("first name"), max_length=150)
    last_name = models.CharField(_("last name"), max_length=150)
    is_staff = models.BooleanField(
        _("secretariat"), default=False, help_text=_("May enter the admin with a second factor.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("registered"), default=timezone.now)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    # What somebody typed who is not registered yet: a password is held against it.
    institution_name = ""

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(fields=["email"], name="user_email_unique"),
            models.CheckConstraint(
                name="user_email_is_lower_case", condition=models.Q(email=Lower("email"))
            ),
            models.CheckConstraint(
                name="user_erased_is_nobody",
                condition=models.Q(erased_at__isnull=True)
                | models.Q(
                    email__endswith="@invalid",
                    first_name="",
                    last_name="",
                    is_active=False,
                    is_staff=False,
                    is_superuser=False,
                ),
            ),
        ]
        indexes = [
            GinIndex(words_of("first_name", "last_name", "email"), name="user_search"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_full_name(self) -> str:
        if self.erased_at is not None:
            return gettext("a former member")
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name

    def clean(self) -> None:
        self.email = self.email.strip().lower()

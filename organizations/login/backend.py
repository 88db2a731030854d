"""Who a session belongs to."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from alliance.prepared import Prepared
from organizations.models import User

# Asked by every request of whoever is logged in.
_person = Prepared(lambda person: User.objects.filter(pk=person), int)


class Backend(AuthenticationBackend):
    """That of allauth, with the question of every request kept as SQL."""

    def get_user(self, user_id: Any) -> User | None:
        user = _person.first(user_id)
        return user if self.user_can_authenticate(user) else None

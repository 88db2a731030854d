"""What somebody had typed when their login was over comes back once they have logged in again.

    @keeps_typed
    def apply(request): ...
        typed = unsent.bring_back(request)   # on GET; None nearly always

and `{% made_for %}`, or `MadeFor()` in the layout, within the page's form: it says, signed, for whom
the page was made, so that nobody is ever shown what another person wrote. Nothing is sent by itself,
and files are not kept.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from alliance.view_marks import ViewMark

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

FIELD = "made_for"
# Far more than any form of ours takes; whatever is longer no person has typed.
MOST_CHARACTERS = 300_000
KEPT_FOR = 24 * 60 * 60  # seconds

_SALT = "alliance.unsent"
_SESSION = "unsent"
_KEEPS_TYPED = ViewMark("keeps_typed", default=False)


def keeps_typed(view: View) -> View:
    """Let what was posted to a view outlast the end of the login."""

    @wraps(view)
    def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            request.session.pop(_SESSION, None)
        return view(request, *args, **kwargs)

    return cast(View, _KEEPS_TYPED.put(keeping, True))


def hidden_field(user: AbstractBaseUser | AnonymousUser) -> SafeString:
    """Says within a form for whom the page was made."""
    value = marker(user.pk) if user.is_authenticated else ""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, value)


def marker(person_id: int) -> str:
    """The value of the hidden field: for whom the page was made."""
    return signing.dumps(person_id, salt=_SALT)


def keep(request: HttpRequest) -> bool:
    """Keep what was posted, for the person whom the page was made for; says whether it did.

    For a POST that does not reach its view: nobody is logged in any more, or the form's token is
    from an earlier login.
    """
    view = request.resolver_match.func if request.resolver_match else None
    person_id = _person_on(request.POST.get(FIELD, ""))
    is_someone_else = request.user.is_authenticated and request.user.pk != person_id
    if not _KEEPS_TYPED.of(view) or person_id is None or is_someone_else:
        return False
    typed = request.POST.copy()
    for name in (FIELD, "csrfmiddlewaretoken"):
        typed.pop(name, None)
    text = typed.urlencode()
    if len(text) > MOST_CHARACTERS:
        return False
    request.session[_SESSION] = {
        "person": person_id,
        "path": request.path,
        "text": text,
        "had_files": bool(request.FILES),
        "at": time.time(),
    }
    if not request.user.is_authenticated:
        messages.info(request, _("What you typed is kept: it comes back when you have logged in."))
    return True


def bring_back(request: HttpRequest) -> QueryDict | None:
    """What this person had typed on this page, if its sending failed; says so on the page."""
    kept = request.session.get(_SESSION)
    if not kept or request.method == "POST":
        return None
    if kept["person"] != request.user.pk or time.time() - kept["at"] > KEPT_FOR:
        del request.session[_SESSION]
        return None
    if kept["path"] != request.path:
        return None
    messages.warning(
        request,
        _("Here is what you typed before your login ended. Nothing was sent or saved yet."),
    )
    if kept["had_files"]:
        messages.warning(request, _("Files are not kept: please choose them once more."))
    return QueryDict(kept["text"])


def _person_on(signed: str) -> int | None:
    try:
        return int(signing.loads(signed, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None

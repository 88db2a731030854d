"""The page of one hit: two records side by side, and what people say of them."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from alliance.exceptions import ActionRefused
from alliance.text import Text
from alliance.workflow import Arrow
from organizations.actions import screening as actions
from organizations.actions.due_diligence_moves import capacities
from organizations.admin.entry_facts import facts_of, years
from organizations.admin.reading import number_of
from organizations.due_diligence.rules import current_cycle
from organizations.forms.due_diligence import ReasonForm
from organizations.models import Hit, User
from organizations.people import signed_in
from organizations.permissions import can_review_organization, is_reviewer
from organizations.screening.spelling import latin_words
from organizations.workflow import HIT, HIT_OPEN

_DECIDE: dict[str, tuple[Callable[..., Hit], Text]] = {
    "dismiss": (actions.dismiss_hit, _("Dismissed. It is not asked again while nothing changes.")),
    "confirm": (
        actions.confirm_hit,
        _("Confirmed. If the organization was cleared, that is suspended now."),
    ),
    "reopen": (actions.reopen_hit, _("Open again.")),
}


def page(
    request: HttpRequest,
    object_id: str | int,
    *,
    status: int = 200,
    refused: str = "",
    form: ReasonForm | None = None,
) -> HttpResponse:
    """One hit with what speaks for and against it, and what this reviewer may say.

    `form` holds a reason that was refused for the arrow `refused`.
    """
    user = signed_in(request)
    hit = _reviewed(user, object_id)
    context = {
        **admin.site.each_context(request),
        "opts": Hit._meta,
        "title": str(hit.name),
        "hit": hit,
        "entry": hit.entry,
        "organization": hit.organization,
        "cycle": current_cycle(hit.organization),
        "name_words": _words(hit.name.name, hit.listed_name),
        "listed_words": _words(hit.listed_name, hit.name.name),
        "born": years(hit.entry),
        "facts": facts_of(hit.entry),
        "country": _country(hit),
        "acts": _acts(user, hit, refused, form),
    }
    return render(request, "admin/organizations/hit/page.html", context, status=status)


def _country(hit: Hit) -> Text:
    """Where an institution is; of a person nothing is known but what was noted of them."""
    if hit.name.country is not None:
        return hit.name.country.name
    if not hit.name.is_person:
        return hit.organization.place
    return _("not known (its institution: %(place)s)") % {"place": hit.organization.place}


def _reviewed(user: User, object_id: str | int) -> Hit:
    if not is_reviewer(user):
        raise PermissionDenied
    hit = (
        Hit.objects.select_related(
            "name__country", "entry", "organization__country", "status_by", "first_run", "last_run"
        )
        .filter(pk=number_of(object_id))
        .first()
    )
    if hit is None:
        raise Http404
    if not can_review_organization(user, hit.organization):
        raise PermissionDenied
    return hit


def _acts(
    user: User, hit: Hit, refused: str, form: ReasonForm | None
) -> list[tuple[Arrow, ReasonForm]]:
    """Each arrow that this person may take now, with its form; one keeps what was refused."""
    arrows = HIT.leaving(hit.status, capacities(user, hit.organization))
    forms = [
        (arrow, form if form and arrow.name == refused else ReasonForm(prefix=arrow.name))
        for arrow in arrows
    ]
    if form is not None and refused not in {arrow.name for arrow in arrows}:
        # Somebody was quicker: the text stays, without a button that could send it.
        forms.append((Arrow("", (), HIT_OPEN, frozenset(), _("What you wrote")), form))
    return forms


def _words(name: str, other: str) -> list[tuple[str, bool]]:
    """The words of a name, each with whether the other has it too."""
    others = set(latin_words(other))
    return [(word, bool(set(latin_words(word)) & others)) for word in name.split()]


@require_POST
def decide(request: HttpRequest, object_id: int, arrow: str) -> HttpResponse:
    """Dismiss, confirm or reopen a hit, with the reason; a refusal keeps what was typed."""
    user = signed_in(request)
    if arrow not in _DECIDE:
        raise Http404
    hit = _reviewed(user, object_id)
    form = ReasonForm(request.POST, prefix=arrow)
    if not form.is_valid():
        return page(request, object_id, status=422, refused=arrow, form=form)
    act, done = _DECIDE[arrow]
    try:
        act(hit, by=user, reason=form.cleaned_data["reason"])
    except ActionRefused as refused:
        form.add_error(None, refused.message)
        return page(request, object_id, status=409, refused=arrow, form=form)
    messages.success(request, done)
    return redirect("admin:organizations_hit_change", hit.pk)

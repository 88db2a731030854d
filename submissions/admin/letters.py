"""The usual letters: their wording, how it looks with a case, and its earlier versions."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from alliance.exceptions import ActionRefused
from organizations.admin.reading import PageAdmin
from organizations.models import User
from organizations.people import signed_in
from submissions import actions
from submissions.differences import compare_texts
from submissions.forms.letters import BroughtBackForm, CompareForm, LetterTextForm
from submissions.letters import LETTERS, PLACEHOLDERS, fill, sample_values, values_of
from submissions.models import LetterTemplate, LetterVersion
from submissions.permissions import can_edit_letters

# What the page lists; earlier ones stay in the database.
_VERSIONS_SHOWN = 30


@admin.register(LetterTemplate)
class LetterTemplateAdmin(PageAdmin):
    """Open to whoever may edit letters; reviewers use them on the review page."""

    list_display = ("title", "language", "version", "changed_at")

    def may_enter(self, user: User) -> bool:
        return can_edit_letters(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LetterTemplate]:
        newest = LetterVersion.objects.filter(template=OuterRef("pk")).order_by("-number")
        return LetterTemplate.objects.annotate(
            newest_number=Subquery(newest.values("number")[:1]),
            newest_at=Subquery(newest.values("made_at")[:1]),
        )

    @admin.display(description=_("Version"), ordering="newest_number")
    def version(self, template: LetterTemplate) -> Any:
        return getattr(template, "newest_number", None)

    @admin.display(description=_("Written"), ordering="newest_at")
    def changed_at(self, template: LetterTemplate) -> Any:
        return getattr(template, "newest_at", None)

    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return _page(request, _asked_for(self, request, object_id))

    def get_urls(self) -> list[URLPattern]:
        views: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
            "save/": ("save", self.save),
            "preview/": ("preview", self.preview),
            "versions/<int:number>/bring-back/": ("bring_back", self.bring_back),
        }
        return [
            path(
                f"<int:object_id>/{route}",
                self.admin_site.admin_view(require_POST(view)),
                name=f"submissions_lettertemplate_{name}",
            )
            for route, (name, view) in views.items()
        ] + super().get_urls()

    def save(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Make what was typed the newest version; refused, it comes back with what is new."""
        template = _asked_for(self, request, object_id)
        form = _bound(request, template)
        if not form.is_valid():
            return _page(request, template, form=form, status=422)
        try:
            actions.write_letter_version(
                template,
                by=signed_in(request),
                text=form.cleaned_data["text"],
                based_on=form.cleaned_data["based_on"],
            )
        except ActionRefused as refused:
            form.add_error(None, refused.message)
            return _page(request, template, form=form, status=409)
        messages.success(request, _("Saved. Letters drafted from now on say this."))
        return redirect("admin:submissions_lettertemplate_change", object_id)

    def preview(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Show the letter as typed, filled in; nothing is saved."""
        template = _asked_for(self, request, object_id)
        form = _bound(request, template)
        status = 200 if form.is_valid() else 422
        return _page(request, template, form=form, status=status, is_preview=status == 200)

    def bring_back(self, request: HttpRequest, object_id: int, number: int) -> HttpResponse:
        template = _asked_for(self, request, object_id)
        form = BroughtBackForm(request.POST)
        if not form.is_valid():
            raise Http404
        try:
            actions.bring_back_letter_version(
                template,
                by=signed_in(request),
                number=number,
                based_on=form.cleaned_data["based_on"],
            )
        except ActionRefused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, _("Brought back as the newest version."))
        return redirect("admin:submissions_lettertemplate_change", object_id)


def _asked_for(
    model_admin: LetterTemplateAdmin, request: HttpRequest, object_id: str | int
) -> LetterTemplate:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    template = model_admin.get_object(request, str(object_id))
    if not isinstance(template, LetterTemplate) or template.code not in LETTERS:
        raise Http404
    return template


def _bound(request: HttpRequest, template: LetterTemplate) -> LetterTextForm:
    return LetterTextForm(request.POST, letter=LETTERS[template.code], user=signed_in(request))


def _page(
    request: HttpRequest,
    template: LetterTemplate,
    *,
    form: LetterTextForm | None = None,
    status: int = 200,
    is_preview: bool = False,
) -> HttpResponse:
    """The text to edit, what may be filled in, how it looks, and the versions."""
    letter = LETTERS[template.code]
    versions = list(template.versions.select_related("made_by")[:_VERSIONS_SHOWN])
    newest = versions[0]
    if form is None:
        form = LetterTextForm(
            initial={"text": newest.text, "based_on": newest.number},
            letter=letter,
            user=signed_in(request),
        )
    text = form.cleaned_data["text"] if is_preview else newest.text
    values = values_of(form.case) if is_preview and form.case else sample_values()
    context = {
        **admin.site.each_context(request),
        "opts": LetterTemplate._meta,
        "title": template.title,
        "template": template,
        "form": form,
        "newest": newest,
        "versions": versions,
        "places": [(f"{{{name}}}", PLACEHOLDERS[name]) for name in letter.places],
        "is_preview": is_preview,
        "letter": fill(text, values),
        **_comparison(request, template, form, newest),
    }
    return render(request, "admin/submissions/lettertemplate/page.html", context, status=status)


def _comparison(
    request: HttpRequest, template: LetterTemplate, form: LetterTextForm, newest: LetterVersion
) -> dict[str, Any]:
    """What differs: from what was typed where somebody was quicker, or as the address asks."""
    typed = form.cleaned_data.get("text", "") if form.is_bound else ""
    if typed and form.cleaned_data.get("based_on") != newest.number:
        # Whoever saves after having seen the difference means it.
        form.data = {**{name: form.data[name] for name in form.data}, "based_on": newest.number}
        return {"parts": compare_texts(newest.text, typed), "is_overtaken": True}
    number = CompareForm(request.GET).number()
    earlier = template.versions.filter(number=number).first() if number else None
    if earlier is None:
        return {}
    return {"parts": compare_texts(earlier.text, newest.text), "earlier": earlier}

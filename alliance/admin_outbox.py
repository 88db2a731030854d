"""The outbox: what was sent, what failed and why, and sending it again."""

from typing import Any, cast

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from alliance.admin_selection import SoundSelection
from alliance.exceptions import ActionRefused
from alliance.mail_errors import explain
from alliance.models import OutgoingMail
from alliance.outbox import send_again, send_all_again

# Stands in the address for mails of the login, which have no name of ours.
_NO_NAME = "-"


def _in_words(message: str) -> str:
    """The name of a message as people read it: “Decision published”."""
    return message.replace("_", " ").capitalize() or gettext("Account and login")


class MessageFilter(admin.SimpleListFilter):
    title = _("message")
    parameter_name = "message"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        names = OutgoingMail.objects.order_by("message").values_list("message", flat=True)
        return [(name or _NO_NAME, _in_words(name)) for name in names.distinct()]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[OutgoingMail]
    ) -> QuerySet[OutgoingMail]:
        chosen = self.value()
        if chosen not in dict(self.lookup_choices):
            return queryset
        return queryset.filter(message="" if chosen == _NO_NAME else chosen)


class OutgoingMailAdmin(SoundSelection, admin.ModelAdmin[OutgoingMail]):
    """The portal writes the rows, people read them; what opens an account is hidden from them."""

    change_form_template = "admin/alliance/outgoingmail/change_form.html"
    list_display = ("subject", "recipient", "kind", "status_pill", "created_at", "sent_at")
    list_filter = ("status", MessageFilter)
    list_per_page = 50
    search_fields = ("recipient", "subject")
    search_help_text = _("Address or subject")
    fields = (
        "kind",
        "recipient",
        "subject",
        "status_pill",
        "why",
        "last_error",
        "attempts",
        "next_attempt_at",
        "created_at",
        "sent_at",
        "readable_text",
    )
    readonly_fields = fields
    actions = ("send_selected_again",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description=_("Message"), ordering="message")
    def kind(self, mail: OutgoingMail) -> str:
        return _in_words(mail.message)

    @admin.display(description=_("Status"), ordering="status")
    def status_pill(self, mail: OutgoingMail) -> SafeString:
        label = mail.get_status_display()
        if mail.status == OutgoingMail.Status.QUEUED and mail.attempts:
            label = gettext("Not sent yet, tried again")
        return format_html('<span class="pill" data-state="{}">{}</span>', mail.pill, label)

    @admin.display(description=_("What went wrong"))
    def why(self, mail: OutgoingMail) -> str:
        return explain(mail.last_error) or "–"

    @admin.display(description=_("Text"))
    def readable_text(self, mail: OutgoingMail) -> str:
        if mail.is_secret:
            return gettext("Shown to nobody but its recipient.")
        return mail.text or gettext("No longer kept.")

    @admin.action(description=_("Send again what failed"), permissions=["view"])
    def send_selected_again(self, request: HttpRequest, mails: QuerySet[OutgoingMail]) -> None:
        count = send_all_again(mails, by=_person(request))
        if not count:
            text = gettext("None of these has failed and can still be sent.")
            self.message_user(request, text, messages.WARNING)
            return
        text = ngettext("%d mail is sent again.", "%d mails are sent again.", count)
        self.message_user(request, text % count, messages.SUCCESS)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        mail = self.get_object(request, object_id)
        about = self._about(request, mail) if mail else None
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), "about": about}
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.send_one_again))
        name = "alliance_outgoingmail_send_again"
        return [path("<int:object_id>/send-again/", view, name=name), *super().get_urls()]

    def send_one_again(self, request: HttpRequest, object_id: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        mail = OutgoingMail.objects.filter(pk=object_id).first()
        if mail is None:
            raise Http404
        try:
            send_again(mail, by=_person(request))
        except ActionRefused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, _("It is on its way again."))
        return redirect("admin:alliance_outgoingmail_change", object_id)

    def _about(self, request: HttpRequest, mail: OutgoingMail) -> tuple[str, str] | None:
        """Name and address of the case's page, for whoever may open that."""
        if not mail.about_type:
            return None
        model = apps.get_model(mail.about_type)
        page = self.admin_site._registry.get(model)
        if page is None or not page.has_view_permission(request):
            return None
        row = page.get_queryset(request).filter(pk=mail.about_id).first()
        if row is None:
            return None
        address = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        return str(row), reverse(address, args=[row.pk])


def _person(request: HttpRequest) -> AbstractBaseUser:
    """Behind the door of the site there are no visitors."""
    return cast(AbstractBaseUser, request.user)


def register(site: admin.AdminSite) -> None:
    site.register(OutgoingMail, OutgoingMailAdmin)

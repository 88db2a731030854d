"""Organizations as the secretariat reads them: profile, names, members, papers."""

import uuid
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from alliance.files.serving import hand_out
from organizations.admin.acts import ActingAdmin
from organizations.completeness import missing_in_profile
from organizations.due_diligence.rules import current_cycle
from organizations.models import Membership, Organization, OrganizationDocument, User
from organizations.people import signed_in
from organizations.permissions import can_review_organization, is_administrator, is_reviewer


class OrganizationAdmin(ActingAdmin):
    """Read here; members change their profile, and due diligence has pages of its own."""

    list_display = ("name", "place", "type", "created_at", "closed_at")
    list_select_related = ("country", "type")
    list_filter = ("scope", ("type", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "related_names__name", "registration_number")
    fields = (
        "name",
        "place",
        "kind",
        "checks",
        "registration_number",
        "website",
        "description",
        "names",
        "lacking",
        "people",
        "papers",
        "created_at",
        "closed_at",
    )
    readonly_fields = fields

    def may_enter(self, user: User) -> bool:
        return is_reviewer(user) or is_administrator(user)

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "documents/<uuid:document_uuid>/",
                self.admin_site.admin_view(require_safe(self.document)),
                name="organizations_organization_document",
            ),
            *super().get_urls(),
        ]

    def get_fields(self, request: HttpRequest, obj: Organization | None = None) -> Any:
        """Checks and papers are for who may review it; administrators look after people."""
        may_read = obj is not None and can_review_organization(signed_in(request), obj)
        return [name for name in self.fields if may_read or name not in {"checks", "papers"}]

    def document(self, request: HttpRequest, document_uuid: uuid.UUID) -> HttpResponseBase:
        if not is_reviewer(signed_in(request)):
            raise PermissionDenied
        documents = OrganizationDocument.objects.select_related("organization")
        document = get_object_or_404(documents, pk=document_uuid)
        if not can_review_organization(signed_in(request), document.organization):
            raise PermissionDenied
        return hand_out(document)

    @admin.display(description=_("Place"))
    def place(self, organization: Organization) -> str:
        return organization.place

    @admin.display(description=_("Organization Type"))
    def kind(self, organization: Organization) -> str:
        """In words: the page of the term is not for reviewers."""
        other = f" ({organization.type_other})" if organization.type_other else ""
        return f"{organization.type}{other}"

    @admin.display(description=_("Due diligence"))
    def checks(self, organization: Organization) -> SafeString | str:
        cycle = current_cycle(organization)
        if cycle is None:
            return "–"
        address = reverse("admin:organizations_duediligence_change", args=[cycle.pk])
        return format_html('<a href="{}">{}</a>', address, cycle.state.label)

    @admin.display(description=_("Names around it"))
    def names(self, organization: Organization) -> SafeString:
        rows = organization.related_names.all()
        return _lines([f"{row.get_kind_display()}: {row.name}" for row in rows])

    @admin.display(description=_("Missing in the profile"))
    def lacking(self, organization: Organization) -> SafeString:
        return _lines([str(item.label) for item in missing_in_profile(organization)])

    @admin.display(description=_("Members"))
    def people(self, organization: Organization) -> SafeString:
        rows = Membership.objects.filter(organization=organization).select_related("user")
        return _lines([f"{row.user} ({row.user.email}), {row.get_role_display()}" for row in rows])

    @admin.display(description=_("Documents"))
    def papers(self, organization: Organization) -> SafeString:
        rows = [
            format_html(
                '<a href="{}">{}</a> ({}, {})',
                reverse("admin:organizations_organization_document", args=[row.pk]),
                row.name,
                row.get_kind_display(),
                row.get_scan_display(),
            )
            for row in organization.documents.all()
        ]
        return _lines(rows)


def _lines(lines: list[Any]) -> SafeString:
    return format_html_join("", "{}<br>", ((line,) for line in lines)) or SafeString("–")

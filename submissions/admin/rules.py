"""Rules of assignment in the admin, edited by senior reviewers and administrators."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from alliance import vocabularies
from organizations.models import User
from organizations.people import signed_in
from submissions import actions, permissions
from submissions.forms.assignment import RuleForm
from submissions.models import AssignmentRule, Submission

_ALL = _("All")


def _label(vocabulary: str, code: str) -> Any:
    if not code:
        return _ALL
    term = vocabularies.term(vocabulary, code)
    return term.label if term else code


@admin.register(AssignmentRule)
class AssignmentRuleAdmin(admin.ModelAdmin[AssignmentRule]):
    """Each rule names a person; saving and deleting go through actions, which leave events."""

    form = RuleForm
    change_list_template = "admin/submissions/assignmentrule/change_list.html"
    list_display = ("region_name", "kind_name", "category_name", "person", "order")
    list_display_links = ("region_name", "kind_name")
    list_select_related = ("person",)
    show_full_result_count = False
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and permissions.can_edit_rules(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    @admin.display(description=_("region"), ordering="region")
    def region_name(self, rule: AssignmentRule) -> Any:
        return _label("region", rule.region)

    @admin.display(description=_("kind"), ordering="kind")
    def kind_name(self, rule: AssignmentRule) -> Any:
        return rule.get_kind_display() or _ALL

    @admin.display(description=_("partner category"), ordering="partner_category")
    def category_name(self, rule: AssignmentRule) -> Any:
        return _label("partner-category", rule.partner_category)

    def save_model(
        self,
        request: HttpRequest,
        obj: AssignmentRule,
        form: ModelForm[AssignmentRule],
        change: bool,
    ) -> None:
        actions.save_rule(obj, by=signed_in(request))

    def delete_model(self, request: HttpRequest, obj: AssignmentRule) -> None:
        actions.delete_rule(obj, by=signed_in(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[AssignmentRule]) -> None:
        for rule in queryset:
            self.delete_model(request, rule)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        nobodys = Submission.objects.received().open().filter(assignee=None).count()
        return super().changelist_view(request, {"nobodys": nobodys, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.apply))
        return [
            path("apply/", view, name="submissions_assignmentrule_apply"),
            *super().get_urls(),
        ]

    def apply(self, request: HttpRequest) -> HttpResponse:
        """Have the worker look at the rules once more for all that is nobody's."""
        if not self.has_module_permission(request):
            raise PermissionDenied
        number = actions.route_again(by=signed_in(request))
        told = ngettext(
            "%(count)d case that is nobody's goes to whom the rules name, within a minute.",
            "%(count)d cases that are nobody's go to whom the rules name, within a minute.",
            number,
        )
        messages.success(request, told % {"count": number})
        return redirect("admin:submissions_assignmentrule_changelist")

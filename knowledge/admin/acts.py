"""What is done with a report, each at an address of its own: publish, embargo, retire, back to draft."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from alliance.exceptions import ActionRefused
from alliance.text import Text
from knowledge import actions
from knowledge.admin.forms import EmbargoForm, RetireForm
from knowledge.models import Report
from knowledge.permissions import can_edit_library
from organizations.people import signed_in


def report_for(request: HttpRequest, pk: int) -> Report:
    """The report, for somebody who may edit it."""
    if not can_edit_library(request.user):
        raise PermissionDenied
    return get_object_or_404(Report, pk=pk)


@require_POST
def publish(request: HttpRequest, object_id: int) -> HttpResponse:
    report = report_for(request, object_id)
    done = _("Published. Readers find it from now on.")
    return _at_once(request, report, actions.publish_report, done)


@require_POST
def withdraw(request: HttpRequest, object_id: int) -> HttpResponse:
    report = report_for(request, object_id)
    done = _("It is a draft again, and does not appear by itself.")
    return _at_once(request, report, actions.withdraw_report, done)


@require_http_methods(["GET", "HEAD", "POST"])
def embargo(request: HttpRequest, object_id: int) -> HttpResponse:
    """Asks for the day."""
    report = report_for(request, object_id)
    sent = request.POST if request.method == "POST" else None
    form = EmbargoForm(sent, initial={"until": report.embargoed_until})
    return _with_form(
        request,
        report,
        form,
        lambda: actions.embargo_report(
            report, by=signed_in(request), until=form.cleaned_data["until"]
        ),
        title=_("Embargo until a day"),
        done=_("Kept back. It appears in the library by itself."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: HttpRequest, object_id: int) -> HttpResponse:
    """Asks why."""
    report = report_for(request, object_id)
    form = RetireForm(request.POST if request.method == "POST" else None)
    return _with_form(
        request,
        report,
        form,
        lambda: actions.retire_report(
            report, by=signed_in(request), note=form.cleaned_data["note"]
        ),
        title=_("Retire"),
        done=_("Retired. A page that says why stays at its address."),
    )


def _at_once(
    request: HttpRequest, report: Report, action: Callable[..., Report], done: Text
) -> HttpResponse:
    try:
        action(report, by=signed_in(request))
    except ActionRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return redirect("admin:knowledge_report_change", report.pk)


def _with_form(
    request: HttpRequest,
    report: Report,
    form: forms.Form,
    action: Callable[[], Any],
    *,
    title: Text,
    done: Text,
) -> HttpResponse:
    """A page with a form, or the act; what was refused comes back with what was typed."""
    if form.is_valid():
        try:
            action()
        except ActionRefused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, done)
            return redirect("admin:knowledge_report_change", report.pk)
    return page_about(request, report, form, title=title)


def page_about(
    request: HttpRequest, report: Report, form: forms.Form, *, title: Text, **more: Any
) -> HttpResponse:
    """A small page with a form about one report; 422 where something in it is wrong."""
    context = {
        **admin.site.each_context(request),
        "title": title,
        "opts": Report._meta,
        "report": report,
        "form": form,
        **more,
    }
    status = 422 if form.errors else 200
    return render(request, "admin/knowledge/report/act.html", context, status=status)

"""Rows of the admin that people read, with a button and an address of its own for each act."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from alliance.exceptions import ActionRefused
from alliance.text import Text
from organizations.admin.reading import ReadingAdmin
from organizations.login.proof import ask_for_proof, is_proof_recent
from organizations.models import User
from organizations.people import signed_in

# Takes the row, who pressed the button and what was sent with it.
Act = Callable[[Any, User, HttpRequest], object]


class ActingAdmin(ReadingAdmin):
    """`acts` names each act, what it does and what is said once it is done."""

    acts: dict[str, tuple[Act, Text]] = {}
    needs_proof = False

    def may_enter(self, user: User) -> bool:
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                f"<str:object_id>/{name.replace('_', '-')}/",
                self.admin_site.admin_view(require_POST(self._view(name))),
                name=self._name(name),
            )
            for name in self.acts
        ] + super().get_urls()

    def _name(self, act: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{act}"

    def _view(self, name: str) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            return self._do(request, object_id, name)

        return view

    def _do(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        page = reverse(f"admin:{self._name('change')}", args=[row.pk])
        if self.needs_proof and not is_proof_recent(request):
            return ask_for_proof(request, back_to=page)
        act, done = self.acts[name]
        try:
            act(row, signed_in(request), request)
        except ActionRefused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, done)
        return redirect(page)

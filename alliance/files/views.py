"""Addresses to which a page sends a chosen file in parts, ahead of its form.

    POST /uploads/                  ticket, name, size            201, or why not
    POST /uploads/<uuid>/append/    bytes, Upload-Offset: …       200, 409 out of step
    POST /uploads/<uuid>/finish/                                  200 with the form's token, 202
    POST /uploads/<uuid>/cancel/                                  204
    GET  /uploads/<uuid>/           how much has arrived          200

Each answer is JSON: `offset` and `size` in bytes, once it is kept `token` and `name`; where it is
refused `refused`, in words: with 429 for now (Retry-After says how long), with 422 for good, and
then `signed` too, for the form. What was sent never leaves by any of them.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from math import ceil
from typing import Concatenate, ParamSpec

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from alliance import turned_away
from alliance.files import partial, staging
from alliance.files.checks import FileRefused
from alliance.files.uploads import EMPTY, sender_of
from alliance.middleware import public
from alliance.models import PartialUpload

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]

OUT_OF_STEP = 409


class StartForm(forms.Form):
    ticket = forms.CharField(max_length=500)
    name = forms.CharField(max_length=1000, required=False)
    size = forms.IntegerField(min_value=1, error_messages={"min_value": EMPTY})

    def clean_ticket(self) -> partial.Ticket:
        try:
            return partial.Ticket.read(self.cleaned_data["ticket"])
        except BadSignature as error:
            turned_away.note_signature("upload", error)
            raise ValidationError(
                _("This page is out of date. Please reload it and choose the file again.")
            ) from None


class PartForm(forms.Form):
    """The headers of a part."""

    offset = forms.IntegerField(min_value=0)
    length = forms.IntegerField(min_value=1, max_value=partial.MAX_PART)


def answers_refusals(view: View[Arguments]) -> View[Arguments]:
    """Word every refusal the same way."""

    @wraps(view)
    def answering(
        request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except partial.NotNow as refused:
            seconds = str(ceil(refused.seconds))
            content = {"refused": str(refused)}
            return JsonResponse(content, status=429, headers={"Retry-After": seconds})
        except FileRefused as refused:
            turned_away.note_file(refused)
            return _refused_for_good(str(refused))

    return answering


@public
@require_POST
@never_cache
@answers_refusals
def start(request: HttpRequest) -> HttpResponse:
    form = StartForm(request.POST)
    if not form.is_valid():
        return _refused_for_good(str(next(iter(form.errors.values()))[0]))
    data = form.cleaned_data
    upload = partial.start(
        data["ticket"],
        name=data["name"],
        size=data["size"],
        sender=sender_of(request),
        by=request.user.pk,
    )
    return _answer(upload, 201)


@public
@require_safe
@never_cache
def state(request: HttpRequest, upload_uuid: uuid.UUID) -> HttpResponse:
    """How much has arrived; 404 as well once the kept file was used or thrown away."""
    return _answer(_own(request, upload_uuid))


@public
@require_POST
@never_cache
@answers_refusals
def append(request: HttpRequest, upload_uuid: uuid.UUID) -> HttpResponse:
    upload = _own(request, upload_uuid)
    headers = {
        "offset": request.headers.get("Upload-Offset"),
        "length": request.headers.get("content-length"),
    }
    form = PartForm(headers)
    if not form.is_valid():
        turned_away.note("request", "headers of a part")
        return HttpResponse(status=400)
    try:
        return _answer(partial.append(upload, request, **form.cleaned_data))
    except partial.OutOfStep:
        return _answer(_own(request, upload_uuid), OUT_OF_STEP)
    except PartialUpload.DoesNotExist:
        raise Http404 from None


@public
@require_POST
@never_cache
@answers_refusals
def finish(request: HttpRequest, upload_uuid: uuid.UUID) -> HttpResponse:
    upload = _own(request, upload_uuid)
    try:
        upload.held = partial.finish(upload)
    except partial.OutOfStep:
        return _answer(_own(request, upload_uuid), OUT_OF_STEP)
    except PartialUpload.DoesNotExist:
        raise Http404 from None
    return _answer(upload, 200 if upload.held else 202)


@public
@require_POST
@never_cache
def cancel(request: HttpRequest, upload_uuid: uuid.UUID) -> HttpResponse:
    partial.cancel(_own(request, upload_uuid))
    return HttpResponse(status=204)


def _own(request: HttpRequest, upload_uuid: uuid.UUID) -> PartialUpload:
    """The upload, if it was begun by the same person; a visitor's is whoever's knows its id."""
    uploads = PartialUpload.objects.select_related("held").filter(uploaded_by=request.user.pk)
    upload = get_object_or_404(uploads, pk=upload_uuid)
    if upload.held and staging.claim(staging.token_for(upload.held), upload.purpose) is None:
        raise Http404
    return upload


def _answer(upload: PartialUpload, status: int = 200) -> HttpResponse:
    address = reverse("upload", args=[upload.pk])
    answer = {"address": address, "offset": upload.offset, "size": upload.size}
    if upload.held:
        answer |= {"token": staging.token_for(upload.held), "name": upload.held.name}
    return JsonResponse(answer, status=status)


def _refused_for_good(text: str) -> HttpResponse:
    return JsonResponse({"refused": text, "signed": partial.signed_refusal(text)}, status=422)

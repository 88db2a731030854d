"""Addresses that machines ask: the harvesters' interface and the library's feed."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from alliance.middleware import public
from knowledge.machines import oai


@public
@csrf_exempt  # it changes nothing, and harvesters may send what they ask for by POST
@require_http_methods(["GET", "HEAD", "POST"])
@gzip_page
def harvest(request: HttpRequest) -> HttpResponse:
    """OAI-PMH 2.0: one of six questions, answered in XML, errors too."""
    data: QueryDict = request.POST if request.method == "POST" else request.GET
    return HttpResponse(oai.answer(data), content_type="text/xml; charset=utf-8")

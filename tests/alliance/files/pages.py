"""A page with a form that takes a picture, for the tests to send files to."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from alliance.files.forms import PictureField
from alliance.files.held_files import DocumentsField
from alliance.files.sizes import MB
from alliance.files.uploads import Several, accepts_documents, accepts_files
from alliance.middleware import public

LIMIT = 1 * MB


class LogoForm(forms.Form):
    name = forms.CharField(max_length=20)
    logo = PictureField(purpose="logo", max_bytes=LIMIT, required=True)
    badge = PictureField(purpose="badge", max_bytes=LIMIT, required=False)


@public
@accepts_files(logo=LIMIT, badge=LIMIT)
def logo_page(request: HttpRequest) -> HttpResponse:
    """Shows the form again where it is wrong, and what it took where it is right."""
    form = LogoForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        return HttpResponse(repr({name: str(file) for name, file in form.cleaned_data.items()}))
    return HttpResponse(form.as_div(), status=200 if request.method == "GET" else 422)


class PapersForm(forms.Form):
    name = forms.CharField(max_length=20)
    papers = DocumentsField(purpose="papers", most=3, max_bytes=LIMIT, required=True)


@public
@accepts_documents(papers=Several(3, LIMIT))
def papers_page(request: HttpRequest) -> HttpResponse:
    form = PapersForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        return HttpResponse(repr([str(paper) for paper in form.cleaned_data["papers"]]))
    return HttpResponse(form.as_div(), status=200 if request.method == "GET" else 422)


@public
def closed_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(repr((sorted(request.POST.items()), sorted(request.FILES))))


urlpatterns = [
    path("logo/", logo_page),
    path("papers/", papers_page),
    path("closed/", closed_page),
    path("", include("alliance.files.urls")),
]

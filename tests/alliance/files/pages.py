"""A page with a form that takes a picture, for the tests to send files to."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from alliance.files.forms import PictureField
from alliance.files.sizes import MB
from alliance.files.uploads import accepts_files
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


@public
def closed_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(repr((sorted(request.POST.items()), sorted(request.FILES))))


urlpatterns = [
    path("logo/", logo_page),
    path("closed/", closed_page),
    path("", include("alliance.files.urls")),
]

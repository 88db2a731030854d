"""Bare Django pages: the least that a page, a list, a form and a post can cost on this machine.

They stand behind the middleware that `startproject` lists, and nothing of the portal's.
"""

from django import forms
from django.core.handlers.wsgi import WSGIHandler
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import RequestContext, Template
from django.test import override_settings
from django.urls import include, path

from alliance.models import Country, Event

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
PAGE_BYTES = 20_000
ROWS = 20
OPTIONS = 200

_READY = ("<p>" + "Ready words. " * 10 + "</p>\n") * (PAGE_BYTES // 138 + 1)
_HEAD = '<!DOCTYPE html><html lang="en"><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1>'
_LIST = Template(
    _HEAD
    + """<ul>{% for row in rows %}<li class="{% cycle 'odd' 'even' %}">
    <h2><a href="{% url 'bare_page' %}?row={{ row.pk }}">{{ row.name_en|capfirst }}</a></h2>
    <p>{{ row.name_fr|truncatewords:12 }}{% if row.name_es %} ({{ row.name_es }}){% endif %}</p>
    <p>{{ row.region|default:"none" }} {{ row.iso3|lower }} {{ now|date:"j F Y" }}</p>
    </li>{% empty %}<li>None</li>{% endfor %}</ul></body></html>"""
)
_FORM = Template(
    _HEAD + """<form method="post">{% csrf_token %}{{ form }}<button>Send</button></form>"""
)


class BareForm(forms.Form):
    """Twelve fields, one of them a select of two hundred options; drawn as Django draws them."""

    default_renderer = DjangoTemplates()

    name = forms.CharField(max_length=300)
    country = forms.ChoiceField(
        choices=[(str(number), f"Country number {number}") for number in range(OPTIONS)]
    )
    city = forms.CharField(max_length=150, required=False)
    website = forms.URLField(assume_scheme="https")
    email = forms.EmailField()
    telephone = forms.CharField(max_length=30, required=False)
    founded = forms.IntegerField(min_value=1800)
    since = forms.DateField()
    description = forms.CharField(widget=forms.Textarea, help_text="What you do, and for whom.")
    outcomes = forms.CharField(widget=forms.Textarea, required=False)
    is_public = forms.BooleanField(required=False)
    agrees = forms.BooleanField()


# All twelve, as a browser sends a form that was filled in.
POSTED = {
    "name": "Institute",
    "country": "7",
    "city": "Lilongwe",
    "website": "https://institute.example.org",
    "email": "institute@example.org",
    "telephone": "+265 1 770 100",
    "founded": "1984",
    "since": "2001-02-03",
    "description": "We measure rain.",
    "outcomes": "Warnings that arrive in time.",
    "is_public": "on",
    "agrees": "on",
}


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_READY)


def rows(request: HttpRequest) -> HttpResponse:
    found = list(Country.objects.order_by("iso2")[:ROWS])
    return HttpResponse(_LIST.render(RequestContext(request, {"title": "List", "rows": found})))


def form(request: HttpRequest) -> HttpResponse:
    filled = BareForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and filled.is_valid():
        data = {name: str(value) for name, value in filled.cleaned_data.items()}
        Event.objects.create(name="bare.posted", subject_type="bare", subject_id=1, data=data)
        return HttpResponse(status=302, headers={"Location": "/bare/page/"})
    get_token(request)
    return HttpResponse(_FORM.render(RequestContext(request, {"title": "Form", "form": filled})))


def application() -> WSGIHandler:
    """Answers requests behind the bare middleware; needs `urlpatterns` below as ROOT_URLCONF."""
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        return WSGIHandler()


urlpatterns = [
    path("bare/page/", page, name="bare_page"),
    path("bare/list/", rows, name="bare_list"),
    path("bare/form/", form, name="bare_form"),
    path("", include("alliance.urls")),
]

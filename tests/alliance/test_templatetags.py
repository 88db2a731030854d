import pytest
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import include, path
from django.views.generic import TemplateView

from alliance.templatetags.alliance import menu_item
from alliance.widgets import goal_number

nowhere = TemplateView.as_view(template_name="404.html")
library = ([path("", nowhere, name="list"), path("<int:pk>/", nowhere, name="report")], "library")
urlpatterns = [path("", nowhere, name="home"), path("library/", include(library))]

pytestmark = pytest.mark.urls(__name__)


def at(address: str) -> HttpRequest:
    return RequestFactory().get(address)


@pytest.mark.parametrize(
    ("address", "entry"),
    [
        ("/library/", '<li><a href="/library/" aria-current="page">Library</a></li>'),
        ("/library/7/", '<li><a href="/library/" aria-current="true">Library</a></li>'),
        ("/", '<li><a href="/library/">Library</a></li>'),
    ],
)
def test_menu_marks_where_the_reader_stands(address: str, entry: str) -> None:
    assert menu_item(Context({"request": at(address)}), "library:list", "Library") == entry


def test_menu_does_not_mark_home_on_every_page() -> None:
    context = Context({"request": at("/library/")})
    assert menu_item(context, "home", "Home") == '<li><a href="/">Home</a></li>'


def test_menu_works_without_a_request() -> None:
    assert menu_item(Context(), "home", "Home") == '<li><a href="/">Home</a></li>'


def test_menu_leaves_out_pages_that_do_not_exist() -> None:
    assert menu_item(Context({"request": at("/")}), "no-such-page", "Nothing") == ""


def test_menu_escapes_its_label() -> None:
    assert menu_item(Context(), "home", "<b>") == '<li><a href="/">&lt;b&gt;</a></li>'


@pytest.mark.parametrize(("code", "number"), [("sdg-01", 1), ("sdg-17", 17)])
def test_goal_is_numbered_by_its_code(code: str, number: int) -> None:
    assert goal_number(code) == number


def addresses(html: str) -> list[str]:
    return [part.split('"')[0] for part in html.split('href="')[1:]]


def render_pages(number: int, count: int, address: str = "/library/") -> str:
    page = Paginator(range(count), 10).page(number)
    template = Template("{% load alliance %}{% pages page %}")
    return template.render(Context({"request": at(address), "page": page}))


def test_pages_keep_the_filters_of_the_address() -> None:
    html = render_pages(2, 30, "/library/?theme=climate&theme=water&page=2")
    kept = "?theme=climate&amp;theme=water"
    assert addresses(html) == [
        kept,
        kept,
        f"{kept}&amp;page=2",
        f"{kept}&amp;page=3",
        f"{kept}&amp;page=3",
    ]


def test_first_page_has_the_address_of_the_list() -> None:
    assert addresses(render_pages(2, 20)) == ["?", "?", "?page=2"]


def test_many_pages_are_shortened() -> None:
    html = render_pages(10, 200)
    assert addresses(html) == [
        "?page=9",
        "?",
        *["?page=9", "?page=10", "?page=11"],
        "?page=20",
        "?page=11",
    ]
    assert html.count("<span>…</span>") == 2
    assert '<a href="?page=10" aria-current="page">10</a>' in html


def test_one_page_needs_no_links() -> None:
    assert render_pages(1, 10).strip() == ""

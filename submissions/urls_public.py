"""Pages about the Alliance as a whole and what it shows, open to anyone."""

from django.urls import include, path, register_converter

from submissions.models import Kind
from submissions.public.addresses import ItemConverter
from submissions.views import board, directory
from submissions.views.about import about
from submissions.views.home import home
from submissions.views.search import search, search_description

register_converter(ItemConverter, "item")

directory_urls = (
    [
        path("", directory.organization_list, name="list"),
        path("map/", directory.organization_map, name="map"),
        path("<int:pk>-<str:slug>/", directory.organization_page, name="page"),
    ],
    "directory",
)

urlpatterns = [
    path("", home, name="home"),
    path("about/", about, name="about"),
    path("search/", search, name="search"),
    path("search/description.xml", search_description, name="search_description"),
    path("demands/", board.board, {"kind": Kind.DEMAND}, name="demands"),
    path("demands/feed/", board.board_feed, {"kind": Kind.DEMAND}, name="demands_feed"),
    path("demands/<item:item>/", board.item, {"kind": Kind.DEMAND}, name="demand"),
    path("offers/", board.board, {"kind": Kind.OFFER}, name="offers"),
    path("offers/feed/", board.board_feed, {"kind": Kind.OFFER}, name="offers_feed"),
    path("offers/<item:item>/", board.item, {"kind": Kind.OFFER}, name="offer"),
    path("organizations/", include(directory_urls)),
]

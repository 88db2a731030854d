"""Pages about the Alliance as a whole, open to anyone."""

from django.urls import include, path

from submissions.views import directory
from submissions.views.about import about
from submissions.views.home import home
from submissions.views.search import search, search_description

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
    path("organizations/", include(directory_urls)),
]

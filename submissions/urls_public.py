"""Pages about the Alliance as a whole, open to anyone."""

from django.urls import path

from submissions.views.about import about
from submissions.views.home import home
from submissions.views.search import search, search_description

urlpatterns = [
    path("", home, name="home"),
    path("about/", about, name="about"),
    path("search/", search, name="search"),
    path("search/description.xml", search_description, name="search_description"),
]

"""Pages about the Alliance as a whole, open to anyone."""

from django.urls import path

from submissions.views.about import about
from submissions.views.home import home

urlpatterns = [
    path("", home, name="home"),
    path("about/", about, name="about"),
]

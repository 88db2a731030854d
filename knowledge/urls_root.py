"""What machines look for at the root of the site."""

from django.urls import path

from knowledge.views import machines

urlpatterns = [
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap_index, name="sitemap"),
    path("sitemap-<slug:section>.xml", machines.sitemap_section, name="sitemap_section"),
]

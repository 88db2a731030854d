from django.urls import path

from knowledge.views import machines, reports, text

app_name = "library"

urlpatterns = [
    path("", reports.report_list, name="list"),
    path("oai", machines.harvest, name="oai"),
    path("feed/", machines.feed, name="feed"),
    path("<int:pk>-<slug:slug>/", reports.report, name="report"),
    path(
        "<int:pk>-<slug:slug>/<slug:language>-v<int:number>.pdf",
        reports.file_version,
        name="file_version",
    ),
    path("<int:pk>-<slug:slug>/<slug:language>.pdf", reports.file, name="file"),
    path("<int:pk>-<slug:slug>/<slug:language>/pages/", text.pages, name="pages"),
    path("<int:pk>-<slug:slug>/<slug:language>/pages/<int:number>/", text.page, name="page"),
    path("<int:pk>-<slug:slug>/cite.<slug:extension>", reports.citation, name="citation"),
]

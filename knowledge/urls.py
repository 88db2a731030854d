from django.urls import path

from knowledge import views

app_name = "library"

urlpatterns = [
    path("", views.report_list, name="list"),
    path("<int:pk>-<slug:slug>/", views.report, name="report"),
    path(
        "<int:pk>-<slug:slug>/<slug:language>-v<int:number>.pdf",
        views.file_version,
        name="file_version",
    ),
    path("<int:pk>-<slug:slug>/<slug:language>.pdf", views.file, name="file"),
    path("<int:pk>-<slug:slug>/cite.<slug:extension>", views.citation, name="citation"),
]

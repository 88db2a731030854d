from django.urls import path

from knowledge.views import alerts, machines, reports, text

app_name = "library"

urlpatterns = [
    path("", reports.report_list, name="list"),
    path("alerts/", alerts.my_alerts, name="my_alerts"),
    path("alerts/new/", alerts.ask, name="alert"),
    path("alerts/sent/", alerts.sent, name="alert_sent"),
    path("alerts/confirmed/", alerts.confirmed, name="alert_confirmed"),
    path("alerts/ended/", alerts.ended, name="alert_ended"),
    path("alerts/confirm/<str:token>/", alerts.confirm, name="alert_confirm"),
    path("alerts/end/<str:token>/", alerts.end, name="alert_end"),
    path("alerts/all/<str:token>/", alerts.alerts, name="alerts"),
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

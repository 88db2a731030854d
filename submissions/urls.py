from django.urls import include, path

from submissions.views import apply, member, my_data

submission_urls = (
    [
        path("<uuid:submission_uuid>/", member.detail, name="detail"),
        path("<uuid:submission_uuid>/check/", apply.check, name="check"),
        path("<uuid:submission_uuid>/received/", apply.received, name="received"),
        path("<uuid:submission_uuid>/withdraw/", member.withdraw, name="withdraw"),
    ],
    "submissions",
)

# The rest of one's own account is below, in organizations; this reaches into every table.
own_data = [
    path("data/", my_data.my_data, name="my_data"),
    path("data/export/", my_data.export, name="my_data_export"),
    path("data/exports/<uuid:export_uuid>/", my_data.download, name="my_data_download"),
    path("data/erase/", my_data.erase, name="my_data_erase"),
    path("erased/", my_data.erased, name="account_erased"),
]

urlpatterns = [
    path("", include("submissions.urls_public")),
    path("account/", include(own_data)),
    path("dashboard/", member.dashboard, name="dashboard"),
    path("apply/", apply.apply, name="apply"),
    path("submissions/", include(submission_urls)),
]

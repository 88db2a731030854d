from django.urls import include, path

from submissions.views import apply, member

submission_urls = (
    [
        path("<uuid:submission_uuid>/", member.detail, name="detail"),
        path("<uuid:submission_uuid>/check/", apply.check, name="check"),
        path("<uuid:submission_uuid>/received/", apply.received, name="received"),
        path("<uuid:submission_uuid>/withdraw/", member.withdraw, name="withdraw"),
    ],
    "submissions",
)

urlpatterns = [
    path("", include("submissions.urls_public")),
    path("dashboard/", member.dashboard, name="dashboard"),
    path("apply/", apply.apply, name="apply"),
    path("submissions/", include(submission_urls)),
]

from django.urls import include, path

from submissions.models import Kind
from submissions.views import (
    clarification,
    directory,
    drafting,
    drafts,
    my_data,
    publication,
    sending,
    submission,
)
from submissions.views.autosave import autosave
from submissions.views.dashboard import dashboard

submission_urls = (
    [
        path("<uuid:submission_uuid>/", submission.detail, name="detail"),
        path("autosave/", autosave, name="autosave"),
        path("<uuid:submission_uuid>/answers/", clarification.answers, name="answers"),
        path("<uuid:submission_uuid>/edit/", drafting.edit, name="edit"),
        path("<uuid:submission_uuid>/discard/", drafts.discard, name="discard"),
        path("<uuid:submission_uuid>/copy/", drafts.copy, name="copy"),
        path(
            "<uuid:submission_uuid>/attachments/<uuid:document_uuid>/",
            drafts.document,
            name="document",
        ),
        path("<uuid:submission_uuid>/check/", sending.check, name="check"),
        path("<uuid:submission_uuid>/received/", sending.received, name="received"),
        path("<uuid:submission_uuid>/withdraw/", submission.withdraw, name="withdraw"),
        path("<uuid:submission_uuid>/copy.pdf", submission.copy_pdf, name="copy_pdf"),
        path("<uuid:submission_uuid>/timeline.csv", submission.timeline_csv, name="timeline"),
        path("<uuid:submission_uuid>/pause/", publication.pause, name="pause"),
        path("<uuid:submission_uuid>/resume/", publication.resume, name="resume"),
        path("<uuid:submission_uuid>/renew/", publication.renew, name="renew"),
        path("<uuid:submission_uuid>/fulfil/", publication.fulfil, name="fulfil"),
        path("<uuid:submission_uuid>/close/", publication.close, name="close"),
        path("<uuid:submission_uuid>/take-back/", publication.take_back, name="take_back"),
        path("<uuid:submission_uuid>/drop-change/", publication.drop_change, name="drop_change"),
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
    path("dashboard/", dashboard, name="dashboard"),
    path("organization/public/", directory.own_listing, name="own_listing"),
    path("renew/<str:token>/", publication.renew_by_link, name="renew_by_link"),
    path("apply/", drafting.apply, name="apply"),
    path("apply/blank/", drafts.blank, {"kind": Kind.EXPRESSION_OF_INTEREST}, name="blank_apply"),
    path("demands/new/", drafting.new, {"kind": Kind.DEMAND}, name="new_demand"),
    path("demands/blank/", drafts.blank, {"kind": Kind.DEMAND}, name="blank_demand"),
    path("offers/new/", drafting.new, {"kind": Kind.OFFER}, name="new_offer"),
    path("offers/blank/", drafts.blank, {"kind": Kind.OFFER}, name="blank_offer"),
    path("drafts/", drafts.drafts, name="drafts"),
    path("submissions/", include(submission_urls)),
]

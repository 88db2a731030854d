"""Addresses of people and organizations. allauth's views stand at addresses of ours."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions import views as usersessions
from django.urls import include, path

from organizations.views import account as overview
from organizations.views import (
    documents,
    due_diligence,
    email_change,
    invitation,
    joining,
    listing,
    members,
    profile,
    register,
    session,
)

entrance = [
    path("register/", register.register, name="register"),
    path("register/", register.register, name="account_signup"),
    path("register/person/", register.register_person, name="register_person"),
    path("register/confirm/", register.confirm_email, name="account_email_verification_sent"),
    path("register/confirm/address/", register.correct_email, name="register_correct_email"),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
    path("invitation/staff/<str:token>/", invitation.staff_invitation, name="staff_invitation"),
    path("email-change/confirm/<str:token>/", email_change.confirm, name="email_change_confirm"),
    path("email-change/stop/<str:token>/", email_change.object_, name="email_change_object"),
    path("login/", account.login, name="account_login"),
    path("login/second-factor/", mfa.authenticate, name="mfa_authenticate"),
    path("login/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("login/code/", account.confirm_login_code, name="account_confirm_login_code"),
    path("login/closed/", account.account_inactive, name="account_inactive"),
    path("logout/", session.logout, name="account_logout"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path(
        "password/reset/code/",
        account.confirm_password_reset_code,
        name="account_confirm_password_reset_code",
    ),
    path(
        "password/reset/new/",
        account.complete_password_reset,
        name="account_complete_password_reset",
    ),
    path(
        "password/reset/done/",
        account.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
]

second_factor = [
    path("", mfa.index, name="mfa_index"),
    path("app/", totp.activate_totp, name="mfa_activate_totp"),
    path("app/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/new/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "recovery-codes/download/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
]

own_account = [
    path("", overview.account, name="account"),
    path("mailbox/", overview.mailbox_works, name="mailbox_works"),
    path("email/", overview.email, name="account_email"),
    path("email/cancel/", email_change.cancel, name="email_change_cancel"),
    path("password/", session.change_password, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("second-factor/", include(second_factor)),
    path("stay/", session.stay, name="stay_logged_in"),
    path("sessions/", usersessions.list_usersessions, name="usersessions_list"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("reauthenticate/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(
        "reauthenticate/passkey/",
        webauthn.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
]

own_organization = [
    path("", profile.organization, name="organization"),
    path("register/", joining.register_organization, name="organization_register"),
    path("edit/", profile.edit_organization, name="organization_edit"),
    path("name/", profile.rename_organization, name="organization_rename"),
    path("listing/agree/", listing.list_organization, name="organization_list"),
    path("listing/end/", listing.unlist_organization, name="organization_unlist"),
    path("answer/", due_diligence.answer, name="organization_answer"),
    path("documents/add/", documents.add, name="organization_document_add"),
    path("documents/<uuid:document_uuid>/", documents.download, name="organization_document"),
    path(
        "documents/<uuid:document_uuid>/remove/",
        documents.remove,
        name="organization_document_remove",
    ),
    path("members/", members.members, name="members"),
    path("members/invite/", members.invite, name="invite"),
    path("members/<int:member_id>/role/", members.change_role, name="member_change_role"),
    path("members/<int:member_id>/remove/", members.remove, name="member_remove"),
    path("members/<int:member_id>/hand-over/", members.hand_over, name="hand_over"),
    path("leave/", members.leave, name="leave"),
    path(
        "invitations/<uuid:invitation_uuid>/resend/",
        members.resend_invitation,
        name="invitation_resend",
    ),
    path(
        "invitations/<uuid:invitation_uuid>/revoke/",
        members.revoke_invitation,
        name="invitation_revoke",
    ),
    path("join/", joining.join, name="join"),
    path("join/withdraw/", joining.withdraw_request, name="join_withdraw"),
    path("requests/<uuid:request_uuid>/accept/", joining.accept_request, name="join_accept"),
    path("requests/<uuid:request_uuid>/decline/", joining.decline_request, name="join_decline"),
]

urlpatterns = [
    *entrance,
    path("account/", include(own_account)),
    path("organization/", include(own_organization)),
    path("", include("organizations.urls_public")),
]

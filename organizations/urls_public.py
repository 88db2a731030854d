"""Pages about contact and news, open to anyone."""

from django.urls import path

from organizations.views import connect, connect_thread, subscribe

urlpatterns = [
    path("connect/", connect.connect, name="connect"),
    path("connect/thanks/", connect.connect_thanks, name="connect_thanks"),
    path("connect/messages/<str:token>/", connect_thread.connect_thread, name="connect_thread"),
    path("subscribe/", subscribe.subscribe, name="subscribe"),
    path("subscribe/sent/", subscribe.subscribe_sent, name="subscribe_sent"),
    path("subscribe/confirmed/", subscribe.subscription_confirmed, name="subscription_confirmed"),
    path("subscribe/ended/", subscribe.subscription_ended, name="subscription_ended"),
    path(
        "subscribe/confirm/<str:token>/",
        subscribe.subscription_confirm,
        name="subscription_confirm",
    ),
    path(
        "subscribe/choices/<str:token>/",
        subscribe.subscription_choices,
        name="subscription_choices",
    ),
    path("subscribe/end/<str:token>/", subscribe.subscription_end, name="subscription_end"),
]

"""The portal's addresses. Apps are included by name, so that nothing here imports upward."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from alliance import health, metrics, security_txt

handler400 = "alliance.errors.bad_request"
handler403 = "alliance.errors.permission_denied"
handler404 = "alliance.errors.page_not_found"
handler500 = "alliance.errors.server_error"

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("health/work", health.work, name="health_work"),
    path("metrics", metrics.metrics, name="metrics"),
    path(".well-known/security.txt", security_txt.security_txt, name="security_txt"),
    path("admin/", admin.site.urls),
    path("", include("alliance.files.urls")),
    path("", include("organizations.urls")),
    path("", include("knowledge.urls_root")),
    path("library/", include("knowledge.urls")),
    path("", include("submissions.urls")),
]

if settings.LOCAL_MODE:
    urlpatterns += [path("", include("alliance.local.urls"))]

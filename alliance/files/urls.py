from django.urls import path, re_path

from alliance.files import serving, views

urlpatterns = [
    # In production the web server answers these addresses itself.
    re_path(
        r"^media/(?P<name>[0-9a-f]{2}/[0-9a-f]{32})\.(?P<extension>webp|png)$",
        serving.public_picture,
        name="public_picture",
    ),
    path("uploads/", views.start, name="upload_start"),
    path("uploads/<uuid:upload_uuid>/", views.state, name="upload"),
    path("uploads/<uuid:upload_uuid>/append/", views.append, name="upload_append"),
    path("uploads/<uuid:upload_uuid>/finish/", views.finish, name="upload_finish"),
    path("uploads/<uuid:upload_uuid>/cancel/", views.cancel, name="upload_cancel"),
]

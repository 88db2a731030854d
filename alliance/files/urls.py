from django.urls import re_path

from alliance.files import serving

urlpatterns = [
    # In production the web server answers these addresses itself.
    re_path(
        r"^media/(?P<name>[0-9a-f]{2}/[0-9a-f]{32})\.(?P<extension>webp|png)$",
        serving.public_picture,
        name="public_picture",
    ),
]

from django.urls import path

from alliance import style
from alliance.local import mail

urlpatterns = [
    path("style/", style.style, name="style"),
    path("local/mail/", mail.mail_list, name="local_mail"),
    path("local/mail/<int:pk>/", mail.mail_detail, name="local_mail_detail"),
    path("local/mail/<int:pk>/html/", mail.mail_html, name="local_mail_html"),
]

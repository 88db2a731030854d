from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A state of the review queue that somebody comes back to: filters, search and order.

    It is the address's query string under a name, so that the address alone can be passed on.
    """

    # More than fit beside the tabs.
    MOST = 20

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("person"),
        related_name="+",
    )
    name = models.CharField(_("name of the view"), max_length=60)
    query = models.CharField(_("what it shows"), max_length=4000, blank=True)
    made_at = models.DateTimeField(_("saved"), auto_now_add=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="saved_view_name_once"),
            models.CheckConstraint(name="saved_view_has_a_name", condition=~models.Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

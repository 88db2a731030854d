"""What lists of the admin lead to."""

from django import template
from django.contrib.admin.views.main import ChangeList
from django.urls import reverse

from submissions.lists import can_be_taken_out

register = template.Library()


@register.simple_tag
def export_address(changelist: ChangeList) -> str:
    """Where the list that is shown, with its filters, is asked for as a file; "" for no list."""
    opts = changelist.opts
    if not can_be_taken_out(opts.label_lower):
        return ""
    address = reverse("admin:submissions_listexport_ask", args=[opts.app_label, opts.model_name])
    return f"{address}{changelist.get_query_string(remove=['p', 'all'])}"

"""The two links of a subscription."""

from organizations.mail_links import MailLinks
from organizations.models import Subscription

_links = MailLinks(
    Subscription,
    salt="organizations.subscription",
    confirm="subscription_confirm",
    end="subscription_end",
)
confirm_link = _links.confirm_link
end_link = _links.end_link
end_headers = _links.end_headers
to_confirm = _links.to_confirm
to_end = _links.to_end

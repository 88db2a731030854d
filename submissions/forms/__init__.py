from submissions.forms.application import ApplicationForm
from submissions.forms.base import SubmissionForm
from submissions.forms.demand_offer import DemandForm, OfferForm
from submissions.models import Kind

# The form of each kind of submission.
FORMS: dict[str, type[SubmissionForm]] = {
    Kind.EXPRESSION_OF_INTEREST: ApplicationForm,
    Kind.DEMAND: DemandForm,
    Kind.OFFER: OfferForm,
}

__all__ = ["FORMS", "ApplicationForm", "DemandForm", "OfferForm", "SubmissionForm"]

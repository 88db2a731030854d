from submissions.forms.application import ApplicationForm

__all__ = ["ApplicationForm"]

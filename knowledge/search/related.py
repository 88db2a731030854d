"""Which reports to read next."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from knowledge.models import Report


def related(report: Report, limit: int = 3) -> QuerySet[Report]:
    """Published reports to read next: those that editors named, then those that share themes."""
    named = Report.related.through.objects.filter(from_report_id=report.pk)
    themes = Report.themes.through.objects.filter(report_id=report.pk).values("term_id")
    alike = Report.themes.through.objects.filter(term_id__in=themes)
    return (
        Report.objects.published()
        .exclude(pk=report.pk)
        .filter(Q(pk__in=named.values("to_report_id")) | Q(pk__in=alike.values("report_id")))
        .annotate(
            is_named=Exists(named.filter(to_report_id=OuterRef("pk"))),
            shared=Count("themes", filter=Q(themes__in=themes)),
        )
        .order_by("-is_named", "-shared", "-pk")[:limit]
    )

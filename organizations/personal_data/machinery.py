"""Files on their way, the trail of events, the queue of jobs, and what is about nobody."""

from django.db.models import Q

from alliance.files.parts import forget
from alliance.files.staging import discard
from alliance.models import PartialUpload, StagedUpload
from alliance.personal_data import Export, Person, Redact, Table, Undo, about_nobody, anywhere
from organizations.models import User


def _drop_uploads(person: Person) -> None:
    for upload in StagedUpload.objects.filter(uploaded_by=person.pk):
        discard(upload)


def _drop_partial_uploads(person: Person) -> None:
    for part in PartialUpload.objects.filter(uploaded_by=person.pk):
        forget(part, PartialUpload.objects.all())


TABLES = (
    Table(
        model="alliance.StagedUpload",
        kept="upload",
        on_erasure=(Undo(_drop_uploads),),
        plain=frozenset({"purpose", "path", "sha256", "content_type"}),
    ),
    Table(
        model="alliance.PartialUpload",
        kept="upload",
        on_erasure=(Undo(_drop_partial_uploads),),
        plain=frozenset({"purpose"}),
    ),
    # They go with their upload.
    Table(model="alliance.UploadPart", kept="upload", plain=frozenset({"path"})),
    Table(
        model="alliance.Event",
        kept="trail",
        export=Export(
            "events",
            lambda person: (
                Q(actor_id=person.pk)
                | Q(subject_type=User._meta.label_lower, subject_id=person.pk, internal=False)
            ),
            {"at": "at", "event": "name", "about": "subject_type", "number": "subject_id"},
        ),
        plain=frozenset({"name", "subject_type", "data"}),
    ),
    Table(
        model="admin.LogEntry",
        kept="admin",
        on_erasure=(Redact(anywhere, ("object_repr", "change_message")),),
        plain=frozenset({"object_id"}),
    ),
    Table(
        model="django_tasks_database.DBTaskResult",
        kept="technical",
        on_erasure=(Redact(anywhere, ("traceback", "args_kwargs", "return_value")),),
        plain=frozenset(
            {
                "task_path",
                "worker_ids",
                "queue_name",
                "backend_name",
                "exception_class_path",
            }
        ),
    ),
    *about_nobody(
        "auth.Permission",
        "auth.Group",
        "contenttypes.ContentType",
        "alliance.ReferenceStamp",
        "alliance.Vocabulary",
        "alliance.Term",
        "alliance.Country",
        "alliance.CountryGroupMembership",
        "alliance.TokenBucket",
        "alliance.BackupCopy",
        "alliance.Seal",
        "alliance.TrailCheck",
        "alliance.Sweep",
        "alliance.Alarm",
        "organizations.SanctionsSnapshot",
        "organizations.ListedEntry",
        "organizations.ListImport",
    ),
)

"""The file with what is kept about a person: `data.json`, and the files that belong to it."""

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import PurePath
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.core.files.base import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from alliance.files.staging import clean_name
from alliance.models.upload import staging_folder
from alliance.personal_data import Person
from organizations.models import Organization, OrganizationDocument
from organizations.personal_data import person_of
from submissions.models import DataExport, Submission
from submissions.personal_data import EXPORTS_FOLDER, TABLES
from submissions.retention import KEPT


def make_export(export: DataExport) -> None:
    """Write the file of one export and note it; the caller holds the row's lock."""
    person = person_of(export.person)
    with tempfile.TemporaryFile(dir=staging_folder()) as whole:
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(
                "data.json",
                json.dumps(data_of(person), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2),
            )
            for name, file in _files(person):
                with file.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
                    shutil.copyfileobj(source, target)
        _keep(export, whole)


def _keep(export: DataExport, whole: IO[bytes]) -> None:
    export.size = whole.tell()
    whole.seek(0)
    export.file.save(f"{EXPORTS_FOLDER}/data.zip", File(whole), save=False)
    export.made_at = timezone.now()
    export.save(update_fields=["file", "size", "made_at"])


def data_of(person: Person) -> dict[str, Any]:
    """Everything that the tables hold about a person, by section, with why it is kept."""
    lines = {line.code: line for line in KEPT}
    sections: dict[str, Any] = {}
    about: dict[str, Any] = {}
    for table in TABLES:
        for export in table.exports:
            line = lines[table.kept]
            sections[export.section] = export.read(apps.get_model(table.model), person)
            about[export.section] = {
                "what": f"{line.title}: {line.what}",
                "why": str(line.why),
                "until": line.until_words,
            }
    return {
        "portal": settings.SITE_URL,
        "made_at": timezone.now(),
        "about_these_sections": about,
        **sections,
    }


def _files(person: Person) -> Iterator[tuple[str, FieldFile]]:
    """Logos of the person's organization and applications, and the documents they added."""
    logos = [row.logo for row in Organization.objects.filter(pk__in=person.organizations)]
    logos += [row.logo for row in Submission.objects.filter(submitted_by=person.pk)]
    for name, logo in {logo.name: logo for logo in logos}.items():
        if name and logo.storage.exists(name):
            yield f"logos/{PurePath(name).name}", logo
    for document in OrganizationDocument.objects.filter(added_by=person.pk):
        file = document.file
        if document.may_be_handed_out and file.name and file.storage.exists(file.name):
            yield f"documents/{document.pk}-{clean_name(document.name)}", file

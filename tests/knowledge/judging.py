"""Judging what the library tells machines by the schemas of the standards."""

import os
from functools import cache
from pathlib import Path

from lxml import etree

FOLDER = Path(__file__).parent / "schemas"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
# The protocol's own schema is not ours to hand on; whoever has it names the file here.
OFFICIAL = {"oai_pmh.xsd": os.environ.get("OAI_PMH_XSD", "")}


@cache
def schema(name: str) -> etree.XMLSchema | etree.RelaxNG:
    document = etree.parse(FOLDER / name)  # an absolute path stands for itself
    return etree.RelaxNG(document) if name.endswith(".rng") else etree.XMLSchema(document)


def judged(content: bytes, name: str) -> etree._Element:
    """The root of the document, which is valid against the schema; else the test fails."""
    root = etree.fromstring(content)
    schema(name).assertValid(root)
    if official := OFFICIAL.get(name):
        schema(official).assertValid(root)
    return root


def deleted_without_metadata(root: etree._Element) -> bool:
    """What section 2.5.1 of OAI-PMH asks for, and a schema cannot say."""
    return all(
        (record.find(f"{OAI}header").get("status") == "deleted")
        == (record.find(f"{OAI}metadata") is None)
        for record in root.iter(f"{OAI}record")
    )

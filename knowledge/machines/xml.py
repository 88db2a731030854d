"""Writing XML that every parser reads, whatever stands in the rows."""

import re
from xml.etree.ElementTree import Element, SubElement, tostring

# All that XML 1.0 allows in no document, escaped or not (section 2.2).
_NEVER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def sound(text: str) -> str:
    """The text without the characters that no XML document may hold."""
    return _NEVER.sub("", text)


def add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """A new last child of `parent`, and return it."""
    element = SubElement(parent, tag, {name: sound(value) for name, value in attributes.items()})
    element.text = sound(text) or None
    return element


def written(root: Element) -> bytes:
    return tostring(root, encoding="utf-8", xml_declaration=True)

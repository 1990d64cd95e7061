"""What may stand in XML 1.0 (section 2.2): the rest cannot be written at all, not even escaped."""

import re

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def xml_text(text: str) -> str:
    """The text without the characters that XML has no place for."""
    return _NOT_XML.sub("", text)

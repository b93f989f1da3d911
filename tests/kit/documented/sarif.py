"""What SARIF 2.1.0 asks of the objects that we write, as a JSON Schema of our own words.

OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0": sarifLog 3.13, run 3.14,
toolComponent 3.19, reportingDescriptor 3.49, result 3.27, message 3.11, location 3.28,
physicalLocation 3.29, artifactLocation 3.4, region 3.30. Objects take no other properties.
"""

from typing import Any


def _object(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


_TEXT = {"type": "string", "minLength": 1}
_MESSAGE = _object(("text",), text=_TEXT)
_FROM_ONE = {"type": "integer", "minimum": 1}
_REGION = _object(("startLine", "startColumn"), startLine=_FROM_ONE, startColumn=_FROM_ONE)
_URI = {"type": "string", "pattern": r"^([A-Za-z0-9._~/!$&'()*+,;=@-]|%[0-9A-F]{2})+$"}
_LOCATION = _object(
    ("physicalLocation",),
    physicalLocation=_object(
        ("artifactLocation",), artifactLocation=_object(("uri",), uri=_URI), region=_REGION
    ),
)
_RESULT = _object(
    ("message",),
    ruleId=_TEXT,
    level={"enum": ["none", "note", "warning", "error"]},
    message=_MESSAGE,
    locations={"type": "array", "items": _LOCATION},
)
_RULES = {
    "type": "array",
    "uniqueItems": True,
    "items": _object(("id",), id=_TEXT, shortDescription=_MESSAGE),
}
_RUN = _object(
    ("tool",),
    tool=_object(("driver",), driver=_object(("name",), name=_TEXT, rules=_RULES)),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results={"type": "array", "items": _RESULT},
)
SARIF = _object(
    ("version", "runs"),
    version={"const": "2.1.0"},
    runs={"type": "array", "items": _RUN},
    **{"$schema": {"type": "string", "format": "uri"}},
)

"""What OCSF 1.5.0 asks of the two classes that we write, as JSON Schemas of our own words.

OCSF schema, `events/base_event`, `events/iam/user_access`, `events/findings/detection_finding`, the
profile `cloud`, and the objects that they name. Only the attributes that we use are allowed.
"""

from typing import Any


def _object(*required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


_TEXT = {"type": "string", "minLength": 1}
_ACCOUNT = _object(uid=_TEXT, type=_TEXT, type_id={"enum": [0, 10, 99]})
_METADATA = _object(
    "product",
    "version",
    version={"const": "1.5.0"},
    product=_object("vendor_name", name=_TEXT, vendor_name=_TEXT),
    profiles={"type": "array", "items": {"enum": ["cloud"]}},
    uid=_TEXT,
    event_code=_TEXT,
)
_RESOURCES = {"type": "array", "items": _object(uid=_TEXT, name=_TEXT, type=_TEXT)}
_USER = {**_object(name=_TEXT, uid=_TEXT, type=_TEXT, type_id={"enum": [0, 1, 2, 3, 4, 99]})}
_USER["anyOf"] = [{"required": ["name"]}, {"required": ["uid"]}]


def _event(
    category: tuple[int, str],
    number: tuple[int, str],
    activities: dict[int, str],
    statuses: dict[int, str],
    **own: Any,
) -> dict[str, Any]:
    made = _object(
        "activity_id",
        "category_uid",
        "class_uid",
        "cloud",
        "metadata",
        "severity_id",
        "time",
        "type_uid",
        *(name for name in ("user", "finding_info") if name in own),
        activity_id={"enum": [0, *activities, 99]},
        activity_name=_TEXT,
        category_uid={"const": category[0]},
        category_name={"const": category[1]},
        class_uid={"const": number[0]},
        class_name={"const": number[1]},
        type_uid={"type": "integer"},
        type_name=_TEXT,
        time={"type": "integer", "minimum": 1_500_000_000_000},
        severity_id={"enum": [0, 1, 2, 3, 4, 5, 6, 99]},
        severity=_TEXT,
        status_id={"enum": [0, *statuses, 99]},
        status=_TEXT,
        status_detail={"type": "string"},
        message=_TEXT,
        metadata=_METADATA,
        cloud=_object("provider", provider=_TEXT, region=_TEXT, account=_ACCOUNT),
        unmapped={"type": "object"},
        **own,
    )
    named = [
        *_captions("activity", "activity_name", activities),
        *_captions("status", "status", statuses),
        *_captions("severity", "severity", dict(enumerate(_SEVERITIES, 1))),
        *(
            _when("activity_id", each, type_uid={"const": number[0] * 100 + each})
            for each in (*activities, 99)
        ),
    ]
    return {**made, "allOf": named}


_SEVERITIES = ("Informational", "Low", "Medium", "High", "Critical", "Fatal")


def _captions(field: str, caption: str, names: dict[int, str]) -> list[dict[str, Any]]:
    return [
        _when(f"{field}_id", number, **{caption: {"const": name}}) for number, name in names.items()
    ]


def _when(field: str, value: int, **properties: Any) -> dict[str, Any]:
    condition = {"properties": {field: {"const": value}}, "required": [field]}
    return {"if": condition, "then": {"properties": properties}}


USER_ACCESS = _event(
    (3, "Identity & Access Management"),
    (3005, "User Access Management"),
    {1: "Assign Privileges", 2: "Revoke Privileges"},
    {1: "Success", 2: "Failure"},
    user=_USER,
    privileges={"type": "array", "items": _TEXT},
    resources=_RESOURCES,
)
DETECTION_FINDING = _event(
    (2, "Findings"),
    (2004, "Detection Finding"),
    {1: "Create", 2: "Update", 3: "Close"},
    {1: "New", 2: "In Progress", 3: "Suppressed", 4: "Resolved", 5: "Archived", 6: "Deleted"},
    finding_info=_object(
        "uid", "title", uid=_TEXT, title=_TEXT, desc=_TEXT, types={"type": "array", "items": _TEXT}
    ),
    resources=_RESOURCES,
    is_alert={"type": "boolean"},
)
CLASSES = {3005: USER_ACCESS, 2004: DETECTION_FINDING}

"""The calls to try are calls of AWS: held against botocore's model of each API.

So are those of services that no sandbox can play (`tests/e2e/test_handoff.py` names them).
"""

import json
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import botocore.session
import jmespath
import pytest
from botocore.model import ListShape, OperationModel, Shape, StructureShape
from botocore.validate import ParamValidator
from moto.iam.aws_managed_policies import aws_managed_policies_data
from pydantic import TypeAdapter

from latchkey.reports.handoff.trying import calls
from latchkey.services.call import Call, Found
from latchkey.services.catalogue import AccessEntry
from latchkey.services.entry import Entry
from latchkey.services.registry import spec
from tests.kit.documented.access import AWS_ENVIRONMENT
from tests.kit.documented.kinds import KINDS
from tests.kit.template import listed, properties

_READ: TypeAdapter[Entry] = TypeAdapter(AccessEntry)
_NOTHING = StructureShape("Nothing", {"type": "structure", "members": {}})
_SESSION = botocore.session.get_session()


def _every() -> list[Call]:
    read = [_READ.validate_python(entry) for entry in KINDS]
    found = list(calls(read, AWS_ENVIRONMENT))
    return found + [value.call for call in found for value in call.found]


@cache
def _client(name: str) -> Any:
    return _SESSION.create_client(
        name, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )


def _operation(call: Call) -> OperationModel:
    client = _client(call.client)
    name = client.meta.method_to_api_mapping[call.operation.replace("-", "_")]
    found: OperationModel = client.meta.service_model.operation_model(name)
    return found


def _made_up(shape: Shape | None, depth: int = 4) -> Any:
    """An answer with all members of a shape, as deep as calls show, and one item in each list."""
    if isinstance(shape, StructureShape) and depth:
        return {name: _made_up(one, depth - 1) for name, one in shape.members.items()}
    if isinstance(shape, ListShape):
        return [_made_up(shape.member, depth)]
    return {"Roles": 1} if shape is not None and shape.type_name == "map" else "text"


@pytest.mark.parametrize("call", _every(), ids=lambda call: f"{call.client} {call.operation}")
def test_every_call_is_one_of_its_api_and_shows_what_is_answered(call: Call) -> None:
    operation = _operation(call)
    given = {
        name: AWS_ENVIRONMENT.account if isinstance(value, Found) else value
        for name, value in call.parameters.items()
    }
    report = ParamValidator().validate(given, operation.input_shape or _NOTHING)
    assert not report.has_errors(), report.generate_report()
    shown: Any = jmespath.compile(call.shown)  # type: ignore[no-untyped-call]
    assert shown.search(_made_up(operation.output_shape)) is not None


@pytest.mark.parametrize("allow", list(spec("account").managed))
def test_access_to_the_account_is_tried_by_what_its_policy_and_its_boundary_allow(
    allow: str,
) -> None:
    (call,) = calls(
        [_READ.validate_python({"service": "account", "allow": allow})], AWS_ENVIRONMENT
    )
    needs = call.all_needs("account") - {"sts:GetCallerIdentity"}  # which nobody has to allow
    assert len(needs) == 1
    policy = spec("account").managed[allow].rpartition("/")[2]
    (boundary, *_) = properties("AuditBoundary")["PolicyDocument"]["Statement"]
    for statements in (
        json.loads(aws_managed_policies_data)[policy]["Document"]["Statement"],
        [boundary],
    ):
        actions = [action for one in statements for action in listed(one["Action"])]
        assert all(any(fnmatchcase(need, one) for one in actions) for need in needs)

"""Amazon Athena: queries in one workgroup, with its result location."""

from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import Call
from latchkey.services.spec import Service, last_part

RESULTS = (
    "s3:AbortMultipartUpload",
    "s3:GetObject",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
)
"""On the objects of the result location, which Athena writes and reads with the caller's rights."""

_LOOK = ("athena:GetWorkGroup",)


class _Athena(Service):
    @override
    def tries(self, entry: Mapping[str, Any], arn: str) -> Iterator[Call]:
        group = {"WorkGroup": last_part(entry["workgroup"])}
        yield Call("athena", "get-work-group", group, "WorkGroup.State")
        given = {**group, "QueryString": "SELECT 1"}
        left = "the result of a test query in the result location"
        yield Call("athena", "start-query-execution", given, "QueryExecutionId", left)


SPEC = _Athena(
    name="athena",
    title="Athena",
    field="workgroup",
    resource_type="AWS::Athena::WorkGroup",
    arn=ArnForm(
        r"[A-Za-z0-9._-]{1,128}",
        "1 to 128 letters, digits, '.', '_' and '-'",
        before="workgroup/",
    ),
    actions={
        "query": (
            "athena:GetQueryExecution",
            "athena:GetQueryResults",
            "athena:GetQueryResultsStream",
            *_LOOK,
            "athena:StartQueryExecution",
            "athena:StopQueryExecution",
            *RESULTS,
            "s3:GetBucketLocation",
            "s3:ListBucket",
        )
    },
    labels={
        "query": "StartQueryExecution",
        "stop": "StopQueryExecution",
        "read results": "GetQueryExecution GetQueryResults GetQueryResultsStream",
        "look up": "GetWorkGroup",
        "list names": "ListWorkGroups",
    },
    options=("discover",),
    discovers=("athena:ListWorkGroups",),
    own=("workgroup/latchkey-*",),
    boundary=(
        "GetQueryExecution",
        "GetQueryResults",
        "GetQueryResultsStream",
        "GetWorkGroup",
        "ListWorkGroups",
        "StartQueryExecution",
        "StopQueryExecution",
    ),
    also=frozenset({*_LOOK, "athena:GetQueryResultsStream"}),
    changed_by=(
        "athena:CreateWorkGroup",
        "athena:DeleteWorkGroup",
        "athena:UpdateWorkGroup",
    ),
    lookup=("athena:GetWorkGroup", "athena:ListWorkGroups"),
    key_use=False,  # of the workgroup itself; the result location has its own
    example={"workgroup": "partner-queries", "allow": "query"},
    example_implied=("arn:aws:s3:::query-results/partners/*",),
)

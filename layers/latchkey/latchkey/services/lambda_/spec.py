"""AWS Lambda: invoking one function, or one version or alias of it."""

from collections.abc import Mapping
from typing import Any

from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import Call
from latchkey.services.spec import Service, named_as


class _Lambda(Service):
    @override
    def describe(self, rest: str) -> str | None:
        """With the version or alias, if one is named."""
        function, colon, qualifier = self.arn.plain(rest).partition(":")
        named = named_as(self.noun, "", function)
        if not rest.startswith(self.arn.before) or "*" in qualifier:
            return None
        return f"{named}, version or alias {qualifier}" if colon and named else named

    @override
    def also_known(self, arn: str) -> tuple[str, ...]:
        """A function without a qualifier is `$LATEST`, and an alias may be moved to any version.

        Source: Lambda developer guide, "Manage Lambda function versions" and "Create an alias".
        """
        function, _, qualifier = arn.partition(":function:")[2].partition(":")
        whole = f"{arn.partition(':function:')[0]}:function:{function}"
        if not qualifier:
            return (f"{whole}:$LATEST",)
        if qualifier.isdecimal():
            return ()
        return (whole, f"{whole}:$LATEST", *(f"{whole}:{digit}*" for digit in range(1, 10)))

    @override
    def try_call(self, entry: Mapping[str, Any], arn: str) -> Call:
        given = {"FunctionName": entry["function"], "InvocationType": "DryRun"}
        return Call(
            "lambda",
            "invoke",
            given,
            "StatusCode",
            outfile=True,
            needs=("lambda:InvokeFunction",),
        )


SPEC = _Lambda(
    name="lambda",
    title="Lambda",
    field="function",
    resource_type="AWS::Lambda::Function",
    arn=ArnForm(
        r"[A-Za-z0-9_-]{1,64}(?::[A-Za-z0-9_-]{1,128})?",
        "1 to 64 letters, digits, '_' and '-'; behind a ':', a version or alias",
        before="function:",
        below=":",
    ),
    actions={"invoke": ("lambda:InvokeFunction",)},
    labels={"invoke": "InvokeFunction"},
    own=("function:latchkey-*",),
    boundary=("InvokeFunction",),
    changed_by=(
        "lambda:CreateFunction20150331",
        "lambda:DeleteFunction20150331",
    ),
    lookup=("lambda:ListAliases",),
    key_use=False,
    example={"function": "quote-price", "allow": "invoke"},
)

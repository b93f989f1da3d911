"""CloudWatch: reading metrics, or putting them."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StrictStr, model_validator

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import NO_RESOURCE, Allowance
from latchkey.services.cloudwatch.spec import KEPT_OUT, NAMESPACE, OWN_NAMESPACE, SPEC
from latchkey.services.entry import Entry
from latchkey.services.resource import Named
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.spec import Conditions


def _ours_to_give(namespace: str) -> str:
    if namespace.startswith("AWS/"):
        raise ValueError("namespaces that begin with 'AWS/' belong to AWS; write one of your own")
    if namespace == OWN_NAMESPACE:
        raise ValueError(
            f"the namespace {OWN_NAMESPACE} is of Latchkey itself; it is never for partners"
        )
    return namespace


class MetricsAccess(Entry):
    """Metrics: reading all that there are here, or putting some.

    Metrics have no ARN. Guardrails take an entry for all of CloudWatch in this account and Region:
    `allowed_resources` has to have a pattern like `arn:aws:cloudwatch:*`, and a denied resource of
    CloudWatch refuses it.
    """

    service: Literal["cloudwatch"]
    allow: Annotated[
        Literal["read", "put"],
        Field(
            description="`read`: list metrics and read their data, of all namespaces, since IAM "
            "knows no narrower resource. `put`: put data of metrics."
        ),
    ]
    namespace: Annotated[
        StrictStr | None,
        Field(
            max_length=255,
            pattern=r"^[A-Za-z0-9._/#:-]+$",
            description="Only with `put`: the one namespace to put metrics into. Without it any "
            "but those of AWS (`AWS/…`) and Latchkey's own.",
        ),
        AfterValidator(lambda text: _ours_to_give(text) if text else text),
    ] = None

    @model_validator(mode="after")
    def _namespace_is_put_into(self) -> Self:
        if self.namespace is not None and self.allow != "put":
            raise ValueError(
                "`namespace` narrows `put` only: IAM cannot bind reading metrics to a namespace"
            )
        return self

    @override
    def named(self) -> tuple[Named, ...]:
        return ()

    @override
    def allowances(
        self, found: Sequence[ResourceInfo], environment: AwsEnvironment
    ) -> tuple[Allowance, ...]:
        """The one statement, on `*`.

        The condition is met by the whole namespace of a request, which has exactly one.

        Sources: Service Authorization Reference for Amazon CloudWatch (no resource types, condition
        key `cloudwatch:namespace`); CloudWatch API reference, PutMetricData.
        """
        conditions: Conditions = {}
        if self.allow == "put":
            conditions = (
                {"StringEquals": {NAMESPACE: self.namespace}}
                if self.namespace
                else {"StringNotLike": {NAMESPACE: list(KEPT_OUT)}}
            )
        return (Allowance("Metrics", SPEC.actions[self.allow], NO_RESOURCE, conditions),)

    @override
    def assumed(self, environment: AwsEnvironment) -> tuple[ResourceInfo, ...]:
        return ()


ENTRY = MetricsAccess

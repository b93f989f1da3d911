"""Amazon CloudWatch: reading metrics, or putting them into namespaces that are not AWS's.

Metrics have no ARN: IAM knows neither a resource nor a condition for reading them, and for putting
them only the namespace.

Sources: Service Authorization Reference for Amazon CloudWatch; CloudWatch user guide, "Using
condition keys to limit access to CloudWatch namespaces".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.iam.permit import Permit
from latchkey.iam.values import texts
from latchkey.newer_python import override, replace
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import TEST_NAME, Call
from latchkey.services.spec import Conditions, Row, Service

PUT = "cloudwatch:PutMetricData"
NAMESPACE = "cloudwatch:namespace"
OWN_NAMESPACE = "Latchkey"
"""Latchkey's own metrics, of any stack, to which its alarms go."""

KEPT_OUT = ("AWS/*", OWN_NAMESPACE)
"""Patterns of the namespaces that nobody outside may put metrics into; the boundary has the same.

AWS asks for no namespace to begin with `AWS/` (CloudWatch API reference, PutMetricData), but IAM
does not refuse it.
"""

_READ = ("cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics")


class _CloudWatch(Service):
    @override
    def describe_permit(self, permit: Permit) -> tuple[str, Permit] | None:
        """All metrics, those of one namespace, or those of all namespaces that may be put into."""
        if permit.resource != "*" or permit.opaque:
            return None
        for condition in permit.conditions:
            if condition.about[1] != NAMESPACE:
                continue
            rest = replace(permit, conditions=permit.conditions - {condition})
            if condition.about[0] == "StringEquals" and len(condition.values) == 1:
                return f"metrics of namespace {condition.values[0]}", rest
            if condition.about[0] == "StringNotLike" and {*condition.values} == {*KEPT_OUT}:
                return "metrics of any namespace of your own", rest
        return "every metric", permit

    @override
    def imported_unnamed(self, conditions: Conditions) -> Iterator[Mapping[str, str]]:
        """Any namespace, or one that a condition names."""
        yield {}
        for key, values in conditions.get("StringEquals", {}).items():
            if key.lower() == NAMESPACE and len(one := texts(values)) == 1:
                yield {"namespace": one[0]}

    @override
    def rows(self, entry: Mapping[str, Any]) -> Iterator[Row]:
        """Metrics, or those of a namespace."""
        name = str(entry.get("namespace") or "")
        yield Row(self.name, "namespace" if name else "", name, "", str(entry.get("allow", "")))

    @override
    def try_call(self, entry: Mapping[str, Any], arn: str) -> Call:
        if entry["allow"] == "read":
            return Call("cloudwatch", "list-metrics", {}, "length(Metrics)")
        given = {
            "Namespace": entry.get("namespace") or TEST_NAME,
            "MetricData": [{"MetricName": TEST_NAME, "Value": 1}],
        }
        return Call("cloudwatch", "put-metric-data", given, "@", "a data point of a test metric")


SPEC = _CloudWatch(
    name="cloudwatch",
    title="CloudWatch (metrics)",
    field="",
    unnamed="metrics",
    arn=ArnForm("metrics"),
    actions={"read": _READ, "put": (PUT,)},
    labels={
        "read metrics": "GetMetricData GetMetricStatistics",
        "list metrics": "ListMetrics",
        "put metrics": "PutMetricData",
    },
    own=(),
    boundary=("GetMetricData", "GetMetricStatistics", "ListMetrics"),
    conditional=("PutMetricData",),
    key_use=False,
    example={"allow": "read"},
)

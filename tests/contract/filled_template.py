"""Templates with their parameters filled in."""

from typing import Any

from tests.kit.template import template

HUB, SPOKE, ORGANIZATION = "123456789012", "444455556666", "o-exampleorgid"
BOUNDARIES = ("PermissionsBoundary", "KmsBoundary", "AuditBoundary")


class Filled:
    """A template with its parameters and pseudo parameters filled in, as CloudFormation does."""

    def __init__(self, file: str, account: str, stack: str, **given: str) -> None:
        self.template = template(file)
        defaults = {
            name: str(one.get("Default", "")) for name, one in self.template["Parameters"].items()
        }
        self.names = defaults | given
        self.names |= {
            "AWS::AccountId": account,
            "AWS::Partition": "aws",
            "AWS::StackName": stack,
            "AWS::URLSuffix": "amazonaws.com",
        }
        self.names.setdefault("AWS::Region", "us-east-1")

    def properties(self, name: str) -> Any:
        """The properties of a resource."""
        return self.value(self.template["Resources"][name]["Properties"])

    def made(self, name: str) -> bool:
        """Whether the resource's condition holds."""
        condition = self.template["Resources"][name].get("Condition")
        return condition is None or self.holds({"Condition": condition})

    def value(self, given: Any) -> Any:
        """A value without references; None for what is not there."""
        match given:
            case {"Ref": str() as name}:
                return self._reference(name)
            case {"Fn::Sub": [text, names]}:
                return self._text(text, {name: self.value(one) for name, one in names.items()})
            case {"Fn::Sub": text}:
                return self._text(text, {})
            case {"Fn::If": [condition, yes, no]}:
                return self.value(yes if self.holds({"Condition": condition}) else no)
            case dict():
                filled = {name: self.value(one) for name, one in given.items()}
                return {name: one for name, one in filled.items() if one is not None}
            case list():
                return [self.value(one) for one in given]
            case _:
                return given

    def _reference(self, name: str) -> str | None:
        if name == "AWS::NoValue":
            return None
        if name not in BOUNDARIES:
            return self.names.get(name, name)
        account, made = self.names["AWS::AccountId"], self.properties(name)
        return f"arn:aws:iam::{account}:policy/{made['ManagedPolicyName']}"

    def holds(self, condition: Any) -> bool:
        """Whether a condition holds, with the parameters as they are."""
        match condition:
            case {"Condition": name}:
                return self.holds(self.template["Conditions"][name])
            case {"Fn::Equals": [one, other]}:
                return bool(self.value(one) == self.value(other))
            case {"Fn::Not": [one]}:
                return not self.holds(one)
            case {"Fn::And": [*all_of]}:
                return all(map(self.holds, all_of))
        raise AssertionError(condition)

    def _text(self, text: str, more: dict[str, str]) -> str:
        for name, value in {**self.names, **more}.items():
            text = text.replace(f"${{{name}}}", value)
        return text


_IN = {"HubRegion": "us-east-1", "OrganizationId": ORGANIZATION}


def hub_template(stack: str = "latchkey") -> Filled:
    """template.yaml in the hub's account."""
    return Filled("template.yaml", HUB, stack)


def spoke_template(stack: str = "latchkey", **given: str) -> Filled:
    """spoke.yaml in another account."""
    return Filled("spoke.yaml", SPOKE, "any", HubAccount=HUB, HubStackName=stack, **(_IN | given))

"""How resource types are added to moto's CloudFormation.

moto finds its resource types among the subclasses of `CloudFormationModel`, and a later one of the
same type wins (moto/cloudformation/parsing.py): to define a subclass is all it takes, and
references to its resources resolve as usual.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import moto.cloudformation.parsing  # noqa: F401 (defines moto's own resources before ours)
from moto.core.common_models import CloudFormationModel

from sandbox.account import ACCOUNT
from sandbox.compute.runtime import Runtime

_defined: list[type] = []  # moto finds classes that are held somewhere


@dataclass(frozen=True)
class Declared:
    """A resource as the template declares it, with references and names resolved."""

    name: str
    logical_id: str
    region: str
    properties: dict[str, Any]
    account: str = ACCOUNT


Create = Callable[[Runtime, Declared], Any]


@dataclass(frozen=True)
class Resource:
    """A fix of one resource type; `name_property` is the property that names the resource."""

    kind: str
    create: Create
    name_property: str = ""


class Made:
    """Stands for a resource that was created through the API; `undo` deletes it again.

    What goes with another resource, as a policy does with its queue, has nothing to undo.
    """

    def __init__(
        self, physical_id: str, arn: str = "", undo: Callable[[], Any] = lambda: None
    ) -> None:
        self._undo = undo
        self.physical_resource_id = physical_id
        self.arn = arn
        self.cf_resource_type = self.logical_resource_id = ""

    @property
    def type(self) -> str:
        """What CloudFormation lists it as."""
        return self.cf_resource_type

    def get_cfn_attribute(self, _name: str) -> str:
        """The answer of Fn::GetAtt: the template asks for ARNs only."""
        return self.arn

    def delete(self, _account: str, _region: str) -> None:
        """Delete it with its stack."""
        self._undo()

    def is_created(self) -> bool:
        """Creating it through the API has finished."""
        return True


def define(resources: Iterable[Resource], runtime: Runtime) -> None:
    """Have moto's CloudFormation create these types; what runs, runs in the runtime."""
    _defined.extend(_model(resource, runtime) for resource in resources)


def created_by_moto(model: Any, declared: Declared, properties: dict[str, Any]) -> Any:
    """A resource as moto's own model creates it."""
    made = {"Properties": properties}
    return model.create_from_cloudformation_json(
        declared.name, made, declared.account, declared.region
    )


def _model(resource: Resource, runtime: Runtime) -> type:
    def create_from_cloudformation_json(
        _cls: Any,
        resource_name: str,
        cloudformation_json: Any,
        account: str,
        region: str,
        /,
        **known: Any,
    ) -> Any:
        logical_id = known["LogicalId"]
        properties = cloudformation_json.get("Properties", {})
        try:
            declared = Declared(resource_name, logical_id, region, properties, account)
            return resource.create(runtime, declared)
        except KeyError as error:  # moto would take it for a reference to nothing
            raise RuntimeError(f"{logical_id}: there is no {error}") from error

    members = {
        "cloudformation_type": staticmethod(lambda: resource.kind),
        "cloudformation_name_type": staticmethod(lambda: resource.name_property),
        "has_cfn_attr": classmethod(lambda _cls, _name: True),
        "create_from_cloudformation_json": classmethod(create_from_cloudformation_json),
    }
    return type(f"Sandbox{resource.kind.replace('::', '')}", (CloudFormationModel,), members)

"""What `sam local` itself makes of the template: functions can be pointed at a local endpoint."""

from typing import Any, cast
from unittest.mock import Mock

import pytest
from samcli.commands.local.lib.local_lambda import LocalLambdaRunner
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider

from tests.kit.repository import ROOT
from tests.kit.template import FUNCTION, of_type

pytestmark = pytest.mark.sam_local
URL = "http://host.docker.internal:4599"


@pytest.fixture(scope="module")
def provider() -> SamFunctionProvider:
    """The functions of the template as `sam local` reads it."""
    stacks, _ = SamLocalStackProvider.get_stacks(str(ROOT / "template.yaml"))
    return SamFunctionProvider(stacks)


@pytest.mark.parametrize("function", of_type(FUNCTION))
def test_env_vars_reach_the_endpoint_of_every_function(
    provider: SamFunctionProvider, function: str
) -> None:
    variables = {"Parameters": {"AWS_ENDPOINT_URL": URL, "NOT_DECLARED": "x"}}
    runner = LocalLambdaRunner(Mock(), provider, ".", ".", env_vars_values=variables)
    made: Any = runner._make_env_vars(cast("Any", provider.get(function)))
    found = made.resolve()
    assert found["AWS_ENDPOINT_URL"] == URL
    assert "NOT_DECLARED" not in found

"""What fixes replace for speed in DynamoDB, and for every request, is still what moto does."""

import inspect
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import backends, mock_aws
from moto.cloudformation.models import Stack
from moto.core import responses, serialize, utils
from moto.core.base_backend import BaseBackend
from moto.core.responses import ActionResult
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing import validators
from moto.dynamodb.parsing.ast_nodes import (  # type: ignore[attr-defined]  # it ignores itself
    DepthFirstTraverser,
    Node,
)
from moto.dynamodb.parsing.expressions import UpdateExpressionParser  # type: ignore[attr-defined]
from moto.dynamodb.responses import DynamoResult
from moto.events import utils as events_utils
from moto.kms.models import kms_backends
from moto.moto_api._internal.moto_random import MotoRandom
from moto.s3 import urls as s3_urls
from moto.stepfunctions.parser.asl.utils import json_path

from sandbox.account import ACCOUNT
from sandbox.moto_fixes import kms, startup
from sandbox.moto_fixes.replacing import plain_moto
from tests.kit.repository import ROOT
from tests.unit.moto_source import digest


@pytest.fixture(autouse=True)
def _plain() -> Iterator[None]:
    """Other tests of the same process may have applied fixes."""
    with plain_moto():
        yield


def test_copy_only_what_a_transaction_writes() -> None:
    assert digest(DynamoDBBackend.transact_write_items) == "81db2cb7d94e"


def test_cast_texts_at_once() -> None:
    assert digest(vars(DynamoType)["cast_value"].fget) == "135da387dfcc"


def test_project_an_item_from_one_copy() -> None:
    assert digest(Item.project) == "f411e6d8b568"
    assert digest(Item.to_regular_json) == "866aafe440d9"


def test_query_only_what_may_be_found() -> None:
    assert digest(Table.query) == "002b4d00be6d"


def test_have_no_pair_for_each_symmetric_key() -> None:
    with mock_aws():
        client = boto3.client("kms", region_name="us-east-1")

        def pair(spec: Any, usage: Any = "ENCRYPT_DECRYPT") -> Any:
            made = client.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]
            return kms_backends[ACCOUNT]["us-east-1"].keys[made["KeyId"]].private_key

        assert pair("SYMMETRIC_DEFAULT") is not pair("SYMMETRIC_DEFAULT")
        kms.have_no_pair_for_each_symmetric_key()
        assert pair("SYMMETRIC_DEFAULT") is pair("SYMMETRIC_DEFAULT")
        signing = [pair("RSA_2048", "SIGN_VERIFY") for _ in range(2)]
        assert len({*map(id, signing), id(pair("SYMMETRIC_DEFAULT"))}) == 3


def test_serialise_items_as_they_are() -> None:
    assert DynamoResult.execute_result is ActionResult.execute_result
    assert digest(ActionResult.execute_result) == "6333faa349b5"


def test_weigh_each_attribute_once() -> None:
    assert digest(LimitedSizeDict.__setitem__) == "d979580fdbe1"


def test_parse_each_update_once() -> None:
    make = UpdateExpressionParser.make
    assert make("SET a = :a") is not make("SET a = :a")
    assert digest(validators.Validator.__init__) == "9489b532dd0f"
    assert digest(DynamoDBBackend.update_item) == "218984588dd6"


def test_ask_each_kind_of_node_once() -> None:
    assert digest(DepthFirstTraverser) == "ec3e3b9cd5fd"
    maps = [inspect.getsource(one._processing_map) for one in DepthFirstTraverser.__subclasses__()]
    assert len(maps) == 10
    assert not [text for text in maps if "if " in text], "by class only"


def test_count_clauses_once() -> None:
    assert digest(validators.ActionCountValidator) == "3fe995f04a9c"
    assert digest(Node.find_clauses) == "b77be7ac447d"


def test_split_each_condition_once() -> None:
    parser = ConditionExpressionParser
    assert digest(parser._lex_condition_expression) == "a81528835921"
    assert digest(parser._lex_one_node) == "58485dd15b2f"


def test_draw_the_characters_of_an_id_at_once() -> None:
    assert digest(MotoRandom.get_random_string) == "942eb93ebea1"


def test_spell_each_name_once() -> None:
    assert digest(utils.camelcase_to_underscores) == "084cdc5bab92"
    assert vars(responses)["camelcase_to_underscores"] is utils.camelcase_to_underscores


def test_work_out_the_addresses_of_a_service_once() -> None:
    assert digest(vars(BaseBackend)["urls"].fget) == "56c80a13356d"
    assert "get_s3_custom_endpoints" in inspect.getsource(s3_urls)


def test_list_moto_modules_once() -> None:
    assert digest(backends.list_of_moto_modules) == "4f741a10b065"


def test_list_the_methods_of_a_service_once() -> None:
    assert digest(utils.method_names_from_class) == "9dbac89d082b"


def test_name_the_attributes_of_answers_once() -> None:
    assert digest(serialize.AttributePicker.get_possible_keys) == "cb284052c5ea"
    assert digest(serialize.XFormedAttributePicker.get_possible_keys) == "f0d20f55f37f"
    assert [digest(provider) for provider in serialize.DEFAULT_ALIAS_PROVIDERS] == [
        "50e6df2c5ef1",
        "3aac05bf01b4",
        "54b6a9dd71d3",
        "bc24d299803b",
        "badfb8d077e5",
        "dc305f0cc884",
    ]


def test_parse_each_json_path_once() -> None:
    parse = vars(json_path)["parse"]
    assert parse("$.a") is not parse("$.a")
    assert "from jsonpath_ng.ext import parse" in inspect.getsource(events_utils)


def test_parse_each_template_once() -> None:
    assert digest(Stack.parse_template) == "780e8fac6c67"
    spoke = (ROOT / "spoke.yaml").read_text(encoding="utf-8")
    as_moto = Stack.parse_template(spoke)
    assert Stack.parse_template(json.dumps(as_moto)) == as_moto
    startup.parse_each_template_once()
    found = Stack.parse_template(spoke)
    assert found == Stack.parse_template(json.dumps(as_moto)) == as_moto
    found["Resources"].clear()
    assert Stack.parse_template(spoke) == as_moto

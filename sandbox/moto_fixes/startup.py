"""Fixes of what moto does for every request, whichever service it is for, and for templates."""

import json
import pickle
from collections.abc import Hashable
from functools import cache
from string import ascii_letters, digits
from typing import Any

import jsonpath_ng.ext
from jsonpath_ng.ext.parser import parse
from moto import backends, settings
from moto.cloudformation.models import Stack
from moto.core import responses, utils
from moto.core.base_backend import BaseBackend
from moto.core.serialize import AttributePickerContext, XFormedAttributePicker
from moto.moto_api._internal.moto_random import MotoRandom
from moto.stepfunctions.parser.asl.utils import json_path

from sandbox.moto_fixes.replacing import replace_member


def list_moto_modules_once() -> None:
    """For speed: moto lists the directory of its services for each request.

    Mends `list_of_moto_modules`, moto/backends.py:189.
    """
    modules = tuple(backends.list_of_moto_modules())
    replace_member(backends, "list_of_moto_modules", lambda: modules)


def parse_each_json_path_once() -> None:
    """For speed: moto builds a parser and parses a JSON path for each use of it.

    Mends `parse` as imported in moto/stepfunctions/parser/asl/utils/json_path.py:4 and
    moto/events/utils.py:99.
    """
    for reader in (jsonpath_ng.ext, json_path):
        replace_member(reader, "parse", cache(parse))


def list_the_methods_of_a_service_once() -> None:
    """For speed: moto looks through all members of a service's class for each request.

    Mends `method_names_from_class` as imported in moto/core/responses.py:41.
    """
    replace_member(responses, "method_names_from_class", cache(utils.method_names_from_class))


def name_the_attributes_of_answers_once() -> None:
    """For speed: for each member of an answer moto works out anew by which names to look for it.

    Mends `XFormedAttributePicker.get_possible_keys`, moto/core/serialize.py:1329. The names go by
    the member, its model, and the class of what has it.
    """
    names = XFormedAttributePicker.get_possible_keys
    known: dict[Hashable, tuple[str, ...]] = {}

    def naming(self: Any, context: AttributePickerContext) -> tuple[str, ...]:
        asked = (*self.alias_providers, context.key, context.shape, type(context.obj))
        if asked not in known:
            known[asked] = tuple(dict.fromkeys(names(self, context)))
        return known[asked]

    replace_member(XFormedAttributePicker, "get_possible_keys", naming)


def work_out_the_addresses_of_a_service_once() -> None:
    """For speed: for each request moto works out all patterns of a service's addresses anew.

    Mends `BaseBackend.urls`, moto/core/base_backend.py:62. For S3 it even loads a module again,
    since its addresses may come from the environment: they are part of what is remembered.
    """
    urls = vars(BaseBackend)["urls"].fget
    known: dict[Hashable, Any] = {}

    def addresses(self: Any) -> Any:
        asked = (type(self), tuple(settings.get_s3_custom_endpoints()))
        if asked not in known:
            known[asked] = urls(self)
        return known[asked]

    replace_member(BaseBackend, "urls", property(addresses))


def parse_each_template_once() -> None:
    """For speed: moto has a parser of YAML read JSON, and reads a template again for each account.

    Mends `Stack.parse_template`, moto/cloudformation/models.py:504.
    """
    as_moto = Stack.parse_template

    @cache
    def parsed(template: str) -> bytes:
        try:
            found = json.loads(template)
        except ValueError:
            found = as_moto(template)
        return pickle.dumps(found)

    def copied(template: str) -> Any:
        return pickle.loads(parsed(template))  # noqa: S301 (pickled above)

    replace_member(Stack, "parse_template", staticmethod(copied))


def draw_the_characters_of_an_id_at_once() -> None:
    """For speed: moto draws each of the 52 characters of a request's ID by itself.

    Mends `MotoRandom.get_random_string`, moto/moto_api/_internal/moto_random.py:25.
    """

    def drawing(
        self: Any, length: int = 20, include_digits: bool = True, lower_case: bool = False
    ) -> str:
        pool = ascii_letters + digits * include_digits
        drawn = "".join(self.choices(pool, k=length))
        return drawn.lower() if lower_case else drawn

    replace_member(MotoRandom, "get_random_string", drawing)


def spell_each_name_once() -> None:
    """For speed: moto spells the name of each request's operation anew, letter by letter.

    Mends `camelcase_to_underscores` as imported in moto/core/responses.py:38.
    """
    spelled = cache(utils.camelcase_to_underscores)
    replace_member(responses, "camelcase_to_underscores", spelled)


FIXES = (
    draw_the_characters_of_an_id_at_once,
    list_moto_modules_once,
    list_the_methods_of_a_service_once,
    name_the_attributes_of_answers_once,
    parse_each_json_path_once,
    parse_each_template_once,
    spell_each_name_once,
    work_out_the_addresses_of_a_service_once,
)

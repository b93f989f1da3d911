"""Fixes of what moto does for every request, whichever service it is for."""

from functools import cache

import jsonpath_ng.ext
from jsonpath_ng.ext.parser import parse
from moto import backends
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


FIXES = (list_moto_modules_once, parse_each_json_path_once)

"""Fixes of moto's keys."""

from functools import cache
from typing import Any

from moto.kms import models
from moto.kms.utils import KeySpec, generate_private_key

from sandbox.moto_fixes.replacing import replace_member


def have_no_pair_for_each_symmetric_key() -> None:
    """For speed: moto makes a pair of RSA for each symmetric key, which never uses it.

    Mends `generate_private_key` as imported in moto/kms/models.py:33. What signs has its own pair.
    """
    replace_member(models, "generate_private_key", _private_key)


def _private_key(key_spec: str) -> Any:
    return _made() if key_spec == KeySpec.SYMMETRIC_DEFAULT else generate_private_key(key_spec)


@cache
def _made() -> Any:
    return generate_private_key(KeySpec.SYMMETRIC_DEFAULT)


FIXES = (have_no_pair_for_each_symmetric_key,)

"""Fixes of moto's topics."""

from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from moto.sns.models import Subscription

from sandbox.moto_fixes.replacing import replace_member


def sign_with_one_key() -> None:
    """For speed: moto makes a key of 2,048 bits for each subscription, to sign what it delivers.

    Mends `Subscription.private_key`, moto/sns/models.py:416.
    """
    replace_member(Subscription, "private_key", _key)


def _key(_: Any) -> rsa.RSAPrivateKey:
    return _made()


@cache
def _made() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


FIXES = (sign_with_one_key,)

"""What a value of one kind of field may have meant; whoever asks has to check it."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, ip_address, ip_network, summarize_address_range

from latchkey.config.near_times import period
from latchkey.config.near_words import AROUND, LONGEST
from latchkey.text import json_text

MOST = 20
"""Items of a list that are looked at."""

_SLUGS = {"partner", "grant"}


def external_id(given: object) -> str | None:
    """How an external ID becomes one, in words: it is a secret, and not quoted."""
    if isinstance(given, int) and not isinstance(given, bool):
        return "the same in double quotes"
    if not isinstance(given, str) or given == (bare := given.strip(AROUND)):
        return None
    around = {c for c in given if c not in bare} or set(given[0] + given[-1])
    what = "blanks" if all(c.isspace() for c in around) else "quotes, brackets or blanks"
    return f"it without the {what} around it"


def tags(rest: Sequence[str | int], given: object) -> str | None:
    """Tags as AWS's APIs write them, as the object that a config has; values as texts."""
    if len(rest) == 1 and isinstance(given, int | float):
        return json.dumps(json.dumps(given))
    if isinstance(given, str) and not rest:
        given = [given]
    if not isinstance(given, list) or rest or len(given) > MOST:
        return None
    pairs = [_pair(one) for one in given]
    known = {key: value for pair in pairs if pair for key, value in [pair]}
    return json_text(known) if known and len(known) == len(pairs) else None


def _pair(one: object) -> tuple[str, str] | None:
    """A tag as AWS's APIs write it, `{"Key": …, "Value": …}`, or as `key=value`."""
    if isinstance(one, dict):
        folded = {str(key).lower(): value for key, value in one.items()}
        key, value = folded.get("key"), folded.get("value", "")
        return (key, value) if isinstance(key, str) and isinstance(value, str) else None
    if isinstance(one, str) and len(one) <= LONGEST and "=" in one:
        key, _, value = one.partition("=")
        return key.strip(), value.strip()
    return None


def numbers(name: str, given: object) -> Iterator[int]:
    """The whole numbers in a text, or the seconds of a period."""
    if name == "version":
        yield 1
    if isinstance(given, float) and given.is_integer():
        yield int(given)
    if isinstance(given, str):
        text = given.strip(AROUND)
        yield from [int(text)] if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) else []
        yield from filter(None, [period(text)])


def texts(name: str, given: str) -> Iterator[str]:
    """A text without what stands around it, in the form that its field has."""
    bare = given.strip(AROUND)
    yield bare
    if name in _SLUGS:
        slug = re.sub(r"[^a-z0-9]+", "-", bare.lower()).strip("-")
        yield slug
    if name == "role_name":
        yield bare.rstrip("/").rpartition("/")[2]
    if name == "account":  # as the console shows it, or in an ARN
        yield from re.findall(r"(?<![0-9])[0-9]{12}(?![0-9])", bare.replace("-", ""))[:1]
    if name == "organization_id":
        found = re.findall(r"\bo-[a-z0-9]{10,32}\b", bare.lower())
        yield from found if len(set(found)) == 1 else []
    if name == "owner_contact":
        yield bare.removeprefix("mailto:")
        yield from re.findall(r"[^\s<>\"'(),;:]{1,64}@[^\s<>\"'(),;:]{1,190}", bare)[:1]
        yield f"https://{bare}"
    if name in ("purpose", "owner"):
        yield " ".join("".join(c if c.isprintable() else " " for c in bare).split())


def networks(text: str) -> Iterator[list[str]]:
    """Ranges as CIDR: from masks, asterisks, ports and spans of addresses."""
    with suppress(ValueError):
        yield [str(ip_network(text, strict=False))]  # also masks: 203.0.113.0/255.255.255.0
    if wild := re.fullmatch(r"((?:[0-9]{1,3}\.){1,3})\*(?:\.\*)*", text, re.ASCII):
        octets = wild[1].split(".")[:-1]
        yield [f"{'.'.join(octets + ['0'] * (4 - len(octets)))}/{8 * len(octets)}"]
    if port := re.fullmatch(r"(?:https?://)?([0-9.]{7,15})(?::[0-9]+)?/?", text, re.ASCII):
        yield [f"{port[1]}/32"]
    first, dash, last = (part.strip() for part in text.partition("-"))
    with suppress(ValueError, TypeError):
        span = (ip_address(first), ip_address(last)) if dash else None
        if span and isinstance(span[0], IPv4Address) and isinstance(span[1], IPv4Address):
            yield [str(one) for one in summarize_address_range(*span)]


def folders(bare: str) -> Iterator[str]:
    """Folders and stages, as people write them."""
    yield bare
    path = re.sub(r"^[a-z0-9]+://[^/]*", "", bare)
    path = re.sub(r"/{2,}", "/", path.rstrip("*").removeprefix("./").lstrip("/"))
    yield path
    yield path.rstrip("/")

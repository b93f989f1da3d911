"""What a text may have meant that names a resource in a form which configs do not take.

These are the forms in which people have a resource at hand: an address of it, its ARN with what
policies put behind it, a line that was copied with its quotes.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote

from latchkey.iam.arn import arn_parts
from latchkey.services.arn_form import ArnForm

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*)://([^/?#\s]*)([^?#\s]*)(?:\?([^#\s]*))?(?:#(\S*))?")
_BUCKET_SCHEMES = {"s3", "s3a", "s3n"}
_QUEUE = re.compile(r"/[0-9]{12}/([^/?&#]+)/?$")
_REGISTRY = re.compile(r"[0-9]{12}\.dkr\.ecr\.[a-z0-9-]+\.[a-z.]+/([^:@\s]+)(?:[:@]\S*)?", re.ASCII)
_PLACES = re.compile(
    r"/(?:buckets|functions|queues|streams|tables|clusters|repositories|workgroups?)"
    r"(?:/(?:private|details)(?:/[0-9]{12})?)?/([^/?&]+)"
)
_ENDS = (":*", "/*", "*", "/")

Near = tuple[str, str]
"""A name, and what of the resource the text names beside it: a folder, a stage, or nothing."""


def near_names(text: str, service: str, form: ArnForm) -> Iterator[Near]:
    """What a text may mean, the most certain first; whoever asks has to check it.

    `text` has neither blanks nor quotes around it; `form` is how the service names resources.
    """
    yield text, ""
    if registry := _REGISTRY.fullmatch(text):
        yield registry[1], ""
    if address := _ADDRESS.fullmatch(text):
        yield from _in_address(address, service, form)
    elif text.startswith("arn:"):
        yield from _in_arn(text, service, form)
    else:
        yield from _with_more(text, form)


def _in_address(address: re.Match[str], service: str, form: ArnForm) -> Iterator[Near]:
    scheme, host, path, query, fragment = (part or "" for part in address.groups())
    whole = unquote(unquote(address[0].replace("$25", "%")))
    if arn := re.search(rf"arn:aws[a-z-]*:{re.escape(service)}:[^\s?&|]+", whole):
        yield from _in_arn(arn[0], service, form)
        return
    if scheme in _BUCKET_SCHEMES:
        yield host, path.removeprefix("/")
        return
    first, _, rest = host.partition(f".{service}")
    if rest[:1] in (".", "-") and first:  # <bucket>.s3.<Region>…, <API>.execute-api.<Region>…
        yield first, unquote(path).removeprefix("/")
    if re.match(rf"{re.escape(service)}[.-]", host) and service == "s3":
        bucket, _, key = unquote(path).removeprefix("/").partition("/")
        yield bucket, key
    if queue := _QUEUE.search(whole):
        yield queue[1], ""
    asked = f"{query}&{fragment.partition('?')[2]}"
    named = dict(parse_qsl(asked))
    if place := _PLACES.search(unquote(f"{path}/{fragment}".replace("$25", "%"))):
        yield unquote(place[1]), named.get("prefix", "")
    for key in ("name", "table"):
        if key in named:
            yield named[key], ""


def _in_arn(arn: str, service: str, form: ArnForm) -> Iterator[Near]:
    parts = arn_parts(arn)
    if parts is None or parts[1] != service:
        return
    head, rest = arn.removesuffix(parts[4]), parts[4]
    short = _without_end(rest)
    for one in (rest, short):
        name = re.match(f"{re.escape(form.before)}(?:{form.name}){form.after}", one, re.ASCII)
        if form.regional:
            yield head + one, ""
            if name:
                yield head + name[0], one[name.end() :].removeprefix("/")
        plain = form.plain(one)
        if form.below == "/" and not form.regional:
            bucket, _, key = plain.partition("/")
            yield bucket, key
        if form.before.endswith("/") and form.slashes and "/" in plain:
            yield f"/{plain}", ""  # a parameter's name has the slash that its ARN has not
        yield plain, ""
        if name:
            yield form.plain(name[0]), one[name.end() :].removeprefix("/")


def _with_more(text: str, form: ArnForm) -> Iterator[Near]:
    """A name with what stands before it in its ARN, or with what stands behind it in policies."""
    short = _without_end(text)
    if form.slashes and form.below == "/":
        yield text.removesuffix("*"), ""  # all below a path
    yield short, ""
    for kind in filter(None, (form.before, *form.kinds)):
        if short.startswith(kind):
            yield short.removeprefix(kind), ""
    if not form.regional:
        name, _, key = text.partition("/")
        yield name, key
        yield name.lower(), key
    yield short.lower(), ""


def _without_end(text: str) -> str:
    for end in _ENDS:
        if text.endswith(end):
            return text.removesuffix(end)
    return text

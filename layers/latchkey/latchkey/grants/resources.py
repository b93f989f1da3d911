"""The resources that a config names: as they were looked up, and as a grant has had them so far.

A resource that is gone or closed does not end a live grant that is only looked at again: the role
keeps what it was given, and a finding says so. Keys that a resource had before stay allowed, since
what was encrypted under them needs them still.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from latchkey.config.problem import Problem, pointer
from latchkey.frozen import Frozen
from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import replace
from latchkey.services.entry import Entry
from latchkey.services.registry import KNOWN, spec
from latchkey.services.resource import Named
from latchkey.services.resource_info import NamedResource, ResourceInfo

MOST_FORMER = 5
"""Former keys of one resource that stay allowed, the newest: a policy has no room for more."""

_KEY = re.compile(r"arn:[a-z-]+:kms:([a-z0-9-]+):[0-9]{12}:key/[A-Za-z0-9-]{1,128}", re.ASCII)


class Look(Frozen):
    """What looking up one resource came to: it is there, or `problem` says why not; `gone` if so.

    Neither is there where a rule of the config keeps the resource from being looked up.
    """

    info: ResourceInfo | None = None
    problem: str = ""
    gone: bool = False


class Looked(Frozen):
    """One entry's resources, in the order of `Entry.named`; `problems` are of the rules alone."""

    looks: tuple[Look, ...]
    problems: tuple[Problem, ...] = ()


class Held(Frozen):
    """The resources that a role is rendered from; None stands for an entry that has a problem.

    `problems` keep the config from being granted; `findings` do not.
    """

    resources: tuple[tuple[ResourceInfo, ...] | None, ...] = ()
    named: tuple[NamedResource, ...] = ()
    problems: tuple[Problem, ...] = ()
    findings: tuple[Problem, ...] = ()


Known = Mapping[tuple[str, str], NamedResource]


def held(
    access: Sequence[Entry | None],
    looked: Sequence[Looked | None],
    record: Iterable[NamedResource],
    environment: AwsEnvironment,
    *,
    tolerant: bool,
) -> Held:
    """What was looked up for a config, with what is on record of a live grant's resources.

    Where it is `tolerant`, a resource that cannot be had now is taken as it was on record, as far
    as the config's own words name it: no ARN is believed because a table has it.
    """
    known = {(one.service, one.name): one for one in record}
    parts = [
        _entry(index, entry, found, known, environment, tolerant=tolerant)
        for index, (entry, found) in enumerate(zip(access, looked, strict=True))
    ]
    named = {(one.service, one.name): one for part in parts for one in part.named}
    return Held(
        tuple(part.resources[0] for part in parts),
        tuple(named[key] for key in sorted(named)),
        tuple(one for part in parts for one in part.problems),
        tuple(one for part in parts for one in part.findings),
    )


def _entry(
    index: int,
    entry: Entry | None,
    looked: Looked | None,
    known: Known,
    environment: AwsEnvironment,
    *,
    tolerant: bool,
) -> Held:
    if entry is None or looked is None:
        return Held((None,))
    infos, named = [], []
    problems, findings = [*looked.problems], []
    for one, look in zip(entry.named(), looked.looks, strict=True):
        path, had = pointer(["access", index, *one.path]), known.get((one.service, one.name))
        if look.info is not None:
            info, kept = _with_former(one, look.info, known, environment)
            infos.append(info)
            named += kept
            findings += [Problem(path, text) for text in _former_in_words(kept)]
        elif tolerant and look.problem and (before := _remembered(one, had, environment)):
            infos.append(before)
            named += [had] if had else []
            findings.append(Problem(path, _gone(one) if look.gone else _closed(look.problem)))
        elif look.problem:
            problems.append(Problem(path, look.problem))
    whole = tuple(infos) if len(infos) == len(looked.looks) and not problems else None
    return Held((whole,), tuple(named), tuple(problems), tuple(findings))


def _with_former(
    named: Named, info: ResourceInfo, known: Known, environment: AwsEnvironment
) -> tuple[ResourceInfo, list[NamedResource]]:
    """A resource with the keys that it had before, and what is to be on record of it."""
    had = known.get((named.service, named.name))
    former = _former(info, had, environment)
    kept = [NamedResource(named.service, named.name, info.arn, info.kms_keys, former)]
    implied = []
    for one in info.implied:
        service = one.arn.split(":")[2]
        inner, more = _with_former(Named((), service, one.arn), one, known, environment)
        implied.append(inner)
        kept += more
    keys = (*info.kms_keys, *former)
    return replace(info, kms_keys=keys, implied=tuple(implied)), kept


def _former(
    info: ResourceInfo, had: NamedResource | None, environment: AwsEnvironment
) -> tuple[str, ...]:
    """Keys that a resource of this ARN had, and has no more; one made anew had none.

    Nor has a key, which is its own.
    """
    if had is None or had.arn != info.arn or had.arn in had.keys:
        return ()
    before = dict.fromkeys((*had.keys, *had.former))
    mine = (key for key in before if key not in info.kms_keys and _is_key(key, environment))
    return tuple(mine)[:MOST_FORMER]


def _is_key(text: str, environment: AwsEnvironment) -> bool:
    found = _KEY.fullmatch(text)
    return found is not None and found[1] == environment.region


def _remembered(
    named: Named, had: NamedResource | None, environment: AwsEnvironment
) -> ResourceInfo | None:
    """A resource as the record has it, if its ARN is what the config's name comes to.

    What nobody but a lookup can tell (where an alias points, what is implied) is not believed.
    """
    if had is None or named.service not in KNOWN:
        return None
    service, name = spec(named.service), named.name
    arn = name if name.startswith("arn:") else service.resource_arn(name, environment)
    if arn not in (had.arn, *service.also_known(had.arn)):
        return None
    keys = (*had.keys, *had.former)
    if not all(_is_key(key, environment) for key in keys) or had.arn in keys:
        return None
    return ResourceInfo(had.arn, keys)


def _gone(named: Named) -> str:
    noun = spec(named.service).noun
    return (
        f"the {noun} {named.name!r} is gone; the role keeps its statements, which reach nothing of "
        "another account. Make it anew, or take this entry out of the file"
    )


def _closed(problem: str) -> str:
    return f"{problem} (found after it was granted; the role stays as it is until then)"


def _former_in_words(kept: Iterable[NamedResource]) -> Iterator[str]:
    for one in kept:
        if one.former:
            keys = ", ".join(one.former)
            yield (
                f"{one.name} had another key before: {keys} stays allowed for what is still "
                "encrypted under it. When nothing is, upload the file without this entry, then "
                "with it"
            )

"""The config files that commits change, read from git's objects.

What is read are blobs, never files of the working tree: a symbolic link in a pull request is the
text of its target here, so that no commit can have a file of the machine read and quoted. Paths
never reach a command line; they come and go between NUL bytes.
"""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from posixpath import normpath

import click

from latchkey.config.strict_json import MAX_BYTES
from latchkey.grant_id import GrantId
from latchkey.keys import CONFIG_PREFIX, CONFIG_SUFFIX
from latchkey.text import one_line
from latchkey_cli.changes.grant_named import grant_named_in

DEFAULT_FOLDER = "partners"
"""The folder of a repository whose files go under `partners/` in the config bucket."""

_NO_BLOB = re.compile("0+")


@dataclass(frozen=True)
class FileChange:
    """A config file that commits add, change or remove; its bodies are None where it is absent.

    `path` is relative to the top of the repository; `key` is where the file belongs in the config
    bucket. A body has at most one byte more than a config may have.
    """

    path: str
    key: str
    before: bytes | None
    after: bytes | None

    @property
    def named_before(self) -> GrantId | None:
        """The grant that the file named before."""
        return grant_named_in(self.before)

    @property
    def named(self) -> GrantId | None:
        """The grant that the file names now."""
        return grant_named_in(self.after)


def changes_since(
    ref: str, folder: str = DEFAULT_FOLDER, *, since_fork: bool = True
) -> tuple[FileChange, ...]:
    """The `.json` files in a folder that the commits since `ref` change, in the order of paths.

    The last commit is HEAD, or the one behind the dots of `<commit>..<commit>`. With `since_fork`,
    what counts is the commit at which it and `ref` parted, as in a pull request; else `ref` itself.
    A renamed file is one that is removed and one that is added.

    Raises
    ------
    ClickException
        If this is no git repository, it has no such commit, or a path is not UTF-8.
    """
    none = "--changed-since is about commits, and this folder is in no git repository"
    top = Path(_git("rev-parse", "--show-toplevel", else_say=none).removesuffix("\n"))
    within = _git("rev-parse", "--show-prefix").removesuffix("\n")
    ref, _, newest = ref.partition("..")
    base, head = _commit(ref), _commit(newest or "HEAD")
    if since_fork:
        base = _forked(base, head, ref)
    place = normpath(f"{within}{folder}")
    if place.startswith(("../", "/")) or place == "..":
        raise click.UsageError(f"{folder} is not in the repository {top}")
    where = [] if place == "." else ["--", f":(top,literal){place}"]
    listed = _git(
        *("diff", "--raw", "-z", "--no-renames", "--no-abbrev", "--no-ext-diff", "--no-relative"),
        *(base, head, *where),
    )
    return tuple(_read(listed, "" if place == "." else f"{place}/"))


def _read(listed: str, folder: str) -> Iterator[FileChange]:
    """The changes in git's raw format: `:<mode> <mode> <blob> <blob> <status>`, NUL, path, NUL."""
    words = iter(listed.split("\0"))
    for word in words:
        if not word:
            return
        _, _, before, after, _ = word.split(" ")
        path = next(words)
        if not path.startswith(folder) or not path.endswith(CONFIG_SUFFIX):
            continue
        if any("\udc80" <= character <= "\udcff" for character in path):
            raise click.ClickException(f"{one_line(path)} is not UTF-8; rename the file")
        key = CONFIG_PREFIX + path.removeprefix(folder)
        yield FileChange(path, key, _blob(before), _blob(after))


def _blob(name: str) -> bytes | None:
    """A blob, as much of it as shows that it is too long; a submodule is no blob, and empty."""
    if _NO_BLOB.fullmatch(name):
        return None
    words = ["git", "cat-file", "blob", name]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as git:  # noqa: S603
        body = git.stdout.read(MAX_BYTES + 1) if git.stdout else b""
        git.kill()
    return body


def _commit(ref: str) -> str:
    """The full name of a commit; a ref that begins with a dash is no option."""
    missing = (
        f"there is no commit {one_line(ref)} here; fetch it first (actions/checkout: fetch-depth: "
        "0; GitLab: GIT_DEPTH: 0)"
    )
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    return _git(*asked, else_say=missing).strip()


def _forked(base: str, head: str, ref: str) -> str:
    missing = f"HEAD and {one_line(ref)} have no commit in common here; fetch their whole history"
    return _git("merge-base", base, head, else_say=missing).split("\n")[0]


def _git(*words: str, else_say: str | None = None) -> str:
    try:
        done = subprocess.run(["git", *words], capture_output=True, check=False)  # noqa: S603, S607
    except FileNotFoundError as error:
        raise click.ClickException("--changed-since needs git, which is not installed") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise click.ClickException(else_say or f"git {words[0]}: {said}")
    return done.stdout.decode("utf-8", "surrogateescape")

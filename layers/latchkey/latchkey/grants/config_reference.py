"""Where the config is that a grant was granted by; whoever may write that down cannot change it."""

import hashlib

from latchkey.frozen import Frozen


class ConfigReference(Frozen):
    """One version of an object in the config bucket, and the SHA-256 of its content in hexadecimal.

    S3 never changes a version of an object (Amazon S3 user guide, "Retaining multiple versions of
    objects with S3 Versioning"). A file that was granted before there were references has no
    digest on record: its version ID alone names it.
    """

    key: str
    version: str
    digest: str | None = None

    def matches(self, content: bytes) -> bool:
        """Whether some content is the one that was recorded."""
        return self.digest in (None, _digest(content))


def reference_to(key: str, version: str, text: str) -> ConfigReference:
    """The reference to a version whose content is a text in UTF-8."""
    return ConfigReference(key, version, _digest(text.encode()))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

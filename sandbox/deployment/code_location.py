"""Where code of functions and layers lies: a folder of the repository, named as if in a bucket."""

from pathlib import Path
from urllib.parse import quote, unquote

DEFINITION = "DefinitionUri"
"""The field in which a template names the file that a workflow is defined in."""
_LOCAL_BUCKET = "sandbox-local-code"


def location_of(folder: Path) -> str:
    """The address of a folder, as a template names code."""
    return f"s3://{_LOCAL_BUCKET}/{quote(str(folder.resolve()).lstrip('/'))}"


def local_path(location: dict[str, str]) -> Path | None:
    """The folder of a code location (`{"S3Bucket", "S3Key"}`); None if it is in a real bucket."""
    if location.get("S3Bucket") != _LOCAL_BUCKET:
        return None
    return Path("/" + unquote(location["S3Key"]))

"""The errors that partners meet most, and what each means."""

from collections.abc import Iterator

from latchkey.reports.handoff.contents import Handoff

FaultRow = tuple[str, str]


def faults(grant: Handoff) -> Iterator[FaultRow]:
    """What is seen, and what it means; `code` stands between backticks."""
    yield _by_token(grant) if grant.config.web_identities else _by_name(grant)
    yield (
        "`AccessDenied` that names `sts:TagSession` or `sts:SetSourceIdentity`",
        f"{_tags(grant)} {_identity(grant)} Pods on EKS pass tags unless `disableSessionTags` is "
        "set, and tags that are transitive come along when one role assumes the next. Switch it "
        "off where the session is made, or ask for more to be granted.",
    )
    yield (
        "`The requested DurationSeconds exceeds …`",
        f"A session lasts `{grant.config.max_session_duration}` seconds at most, and `3600` when "
        "it is taken from the session of another role (role chaining).",
    )
    yield (
        "`AccessDenied` on `s3:ListBucket`",
        f"{_listing(grant)} A key that is not there answers the same where listing is not allowed.",
    )
    yield (
        "`AccessDenied` that names `kms:`",
        "Keys may be used through the services above only, and only those that the resources are "
        "encrypted with. Name no key of your own, and do not call KMS yourself.",
    )
    yield (
        "`ResourceNotFoundException`, or a bucket or queue that is not there",
        f"The client is set to another region than `{grant.region}`, or to your own account: the "
        f"resources are in account `{grant.account}`. An object in S3 may also just not be there.",
    )


def _by_name(grant: Handoff) -> FaultRow:
    return (
        "`AccessDenied` on `sts:AssumeRole`",
        "AWS does not say which of these it is: the external ID is missing or another; the caller "
        "is none of the principals above (see `aws sts get-caller-identity`), or not from where "
        f"or how it has to be; {_when(grant)}; or the caller's "
        f"own policy does not allow `sts:AssumeRole` on `{grant.role_arn}`.",
    )


def _by_token(grant: Handoff) -> FaultRow:
    return (
        "`AccessDenied` or `InvalidIdentityToken` on `sts:AssumeRoleWithWebIdentity`",
        "AWS does not say which of these it is: the token is for another audience or of another "
        "subject than above (both in upper and lower case as there), it is not from where it has "
        f"to be, it is too old, or {_when(grant)}.",
    )


def _when(grant: Handoff) -> str:
    ended = f"it is not before `{grant.expires_at}` any more"
    return f"it is before `{grant.starts_at}`, or {ended}" if grant.starts_at else ended


def _tags(grant: Handoff) -> str:
    """Sources: IAM user guide, "Pass session tags in AWS STS"; EKS API, PodIdentityAssociation."""
    match grant.config.session_tags:
        case None | False:
            return "If your tool passes session tags, the role has to allow that, and does not."
        case True:
            return "Session tags may have any keys but those of the role's own tags."
        case keys:
            named = ", ".join(f"`{key}`" for key in keys)
            return (
                f"Session tags may have these keys only, in upper and lower case as here: {named}."
            )


def _identity(grant: Handoff) -> str:
    may = grant.config.source_identity
    return "" if may else "No source identity may be set, nor be brought from a session before."


def _listing(grant: Handoff) -> str:
    folders = [
        one.parameters["Prefix"]
        for one in grant.tries
        if one.operation == "list-objects-v2" and "Prefix" in one.parameters
    ]
    if folders:
        return f"Listings have to name the folder, with the slash: prefix `{folders[0]}`."
    return "Only what the table above says may be listed."

"""Every error that Latchkey raises on purpose; Step Functions matches these class names."""


class LatchkeyError(Exception):
    """Base of all errors raised on purpose, so that one except clause separates them from bugs."""


class TransientError(LatchkeyError):
    """Base of errors that are worth a retry: the same call may succeed a little later."""


class GrantBusy(TransientError):
    """Another run holds the lease of this grant."""


class LeaseLost(TransientError):
    """The lease of this run expired and another may have taken over, so it must plan anew."""


class PlanStale(TransientError):
    """What AWS holds is no longer what the plan was made for."""


class Throttled(TransientError):
    """AWS asked us to slow down, and kept asking after the client's own retries."""


class ServiceUnavailable(TransientError):
    """An AWS service did not answer, or answered with a server error."""


class SpokeUnreachable(TransientError):
    """No session for another account could be had, for a reason that may pass."""


class VerificationFailed(TransientError):
    """What was read back after a change is not what was written."""


class PrincipalNotFound(TransientError):
    """IAM does not know a principal of the trust policy (or does not know it yet)."""


class PermanentError(LatchkeyError):
    """Base of errors that a retry cannot mend: a person has to change something."""


class RoleNotOwned(PermanentError):
    """A role of the grant's name exists, but was not made by this stack, so it is not touched."""


class SpokeNotEnrolled(PermanentError):
    """Another account has no role for the function that needs one, or that role lets it not in."""


class AccountsNotChecked(PermanentError):
    """Other accounts could not be checked for drift; those that could were."""


class SpokeMismatch(PermanentError):
    """A session is of another account or role than the one that was asked for: it is not used."""


class PlanContradictory(PermanentError):
    """A plan names several roles or accounts, or none: nobody can say where it is to be done."""


class PermissionDenied(PermanentError):
    """AWS refused a call of ours: a policy of this account or organisation forbids it."""


class InvalidDocument(PermanentError):
    """IAM refused a policy document or an argument as malformed."""


class PolicyRefused(PermanentError):
    """IAM Access Analyzer finds an error or a risk in a policy, so it was not written."""


class QuotaExceeded(PermanentError):
    """An AWS quota is used up."""


class TooManyApprovals(PermanentError):
    """Under the prefix of what waits for approval are more files than are read."""


class UnexpectedAwsError(PermanentError):
    """AWS answered with an error that has no name of its own here."""


class SettingsMissing(PermanentError):
    """The function was deployed without an environment variable that it needs."""


class ResourceUnclear(PermanentError):
    """A question about the past names no resource that could be looked up."""


class GuardrailsUnreadable(PermanentError):
    """The guardrails are not a valid document, so nobody can say what may be granted."""


class ConfigUnproven(PermanentError):
    """The config that a grant was granted by cannot be read as it was recorded."""


class EventInvalid(PermanentError):
    """A step of the workflow was handed something that it cannot read."""

"""What is known of a resource that an entry names."""

from latchkey.frozen import Frozen


class ResourceInfo(Frozen):
    """What the lookup found out about a resource.

    `arn` is its full ARN; `kms_keys` are the ARNs of the customer-managed keys that encrypt it
    (AWS's own keys need no permission of the caller's and are not among them). `implied` are
    resources that nobody named and that cannot be done without, such as the result location of
    an Athena workgroup.
    """

    arn: str
    kms_keys: tuple[str, ...] = ()
    implied: "tuple[ResourceInfo, ...]" = ()


class NamedResource(Frozen):
    """A resource of a grant, as the record has it.

    `keys` are the customer-managed keys that it had when it was last found, `former` those before,
    the newest first. `service` and `name` are as the config has them; of what is only implied, the
    ARN is the name.
    """

    service: str
    name: str
    arn: str
    keys: tuple[str, ...] = ()
    former: tuple[str, ...] = ()

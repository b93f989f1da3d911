"""Where a stack works."""

from latchkey.frozen import Frozen
from latchkey.newer_python import replace


class AwsEnvironment(Frozen):
    """The partition, region and account that a stack, or one of its grants, works in.

    `dns_suffix` is the domain of the partition's endpoints, as it stands in `kms:ViaService`;
    `aws.partitions` knows it. `trust_policy_limit` is how many characters the account allows a
    trust policy, without white space (IAM quotas: 2,048 by default, up to 8,192). `home` is the
    stack's own account, where the grant is in another (decision 62).
    """

    partition: str
    region: str
    account: str
    dns_suffix: str = "amazonaws.com"
    trust_policy_limit: int = 2_048
    home: str = ""

    @property
    def own(self) -> str:
        """The stack's own account."""
        return self.home or self.account

    def of_account(self, account: str | None) -> "AwsEnvironment":
        """The same place in a grant's account; None is the stack's own."""
        if account in (None, self.own):
            return replace(self, account=self.own, home="")
        return replace(self, account=account, home=self.own)

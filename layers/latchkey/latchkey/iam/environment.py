"""Where a stack works."""

from latchkey.frozen import Frozen


class AwsEnvironment(Frozen):
    """The partition, region and account that a stack works in."""

    partition: str
    region: str
    account: str

    @property
    def dns_suffix(self) -> str:
        """The domain of service endpoints, as it stands in `kms:ViaService`."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"

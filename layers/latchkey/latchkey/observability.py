"""The Logger and the Metrics of all functions, with the keys to search logs by."""

from aws_lambda_powertools import Logger, Metrics

logger = Logger()
metrics = Metrics()


def correlate(execution: str, grant: object = None) -> None:
    """Put the execution's name and the grant on every log line that follows."""
    logger.append_keys(execution=execution, grant=str(grant) if grant else None)

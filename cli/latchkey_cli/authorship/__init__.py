"""Who really started the runs of a grant, by CloudTrail, against what their requests say."""

"""Amazon Data Firehose: putting records into one Firehose stream."""

"""Amazon Kinesis Data Streams: reading from one data stream, or writing to it."""

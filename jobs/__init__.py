"""What RQ runs: a file a job, each with one public `run`."""

"""`python run_many_jobs.py NUMBER`: as many jobs, as a worker's process runs them."""

import sys

from jobs import send_mail

NOBODYS = 1_000_000_000  # an e-mail that is not there

for _ in range(int(sys.argv[1])):
    send_mail.run(NOBODYS)

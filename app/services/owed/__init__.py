"""What is owed, as marks on rows; the lowest room, because everything leaves marks.

In the order of a commitment: pushes, reconciliations, metadata_reads, webhook_upkeep. Who works
them off: `outbound`, `inbound`, `metadata` and `webhooks`.
"""

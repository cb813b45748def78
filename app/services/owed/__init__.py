"""What is owed, as marks on rows; a low room, because everything leaves marks.

In the order of a commitment: pushes, reconciliations, metadata_reads, webhook_upkeep, telling of
trouble, mails, recounts. Who works them off: `outbound`, `inbound`, `metadata`, `webhooks`, `mail`
and `follow_through`.
"""

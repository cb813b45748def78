"""What comes back from Jira: deliveries, reconciliation, and what an issue means for its item."""

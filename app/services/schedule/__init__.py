"""What time brings about: the ticker asks due_drains and tick once a second."""

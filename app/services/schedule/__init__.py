"""What time brings about: the ticker asks tick once a second, which asks chores, due_drains and
due_notices."""

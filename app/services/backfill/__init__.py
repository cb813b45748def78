"""*Sync past action items*: past_items to choose from, samples of them, runs in slices, progress
of a run, progress_words (pure)."""

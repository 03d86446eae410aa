"""An examination as a whole: its outcome, its recording, what is masked in it."""

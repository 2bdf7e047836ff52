"""The people of a rehearsal, played in this process through the same acts as in production."""

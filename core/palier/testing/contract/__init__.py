"""What every plugin must keep, ours or a partner's: run by `palier plugin check` and by pytest."""

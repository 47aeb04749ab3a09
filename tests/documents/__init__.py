"""Operations that are named instead of sent: by their hash, or as registered documents."""

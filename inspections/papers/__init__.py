"""What this room prints: each module says what stands on one kind of paper."""

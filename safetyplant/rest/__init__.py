"""What the rooms' API modules share: who is asking, cursor pages, problem answers."""

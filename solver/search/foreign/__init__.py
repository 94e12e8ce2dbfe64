"""Other formats' objectives: sessions are dealt onto slots, people follow."""

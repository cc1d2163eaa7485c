"""What a member is and owns here: profile, blocks, belonging, and leaving."""

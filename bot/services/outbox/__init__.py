"""What leaves for Discord: written with a change, composed when it goes, and sent once."""

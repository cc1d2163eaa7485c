"""How well questions find people: the bot's own router on what communities really asked and answered."""

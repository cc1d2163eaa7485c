"""The pages about Morsel, and what draws their pictures from the code."""

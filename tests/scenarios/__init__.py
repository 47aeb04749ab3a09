"""Stories from the systems that Palaver replaces, told in their own words."""

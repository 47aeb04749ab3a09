"""The same market in Strawberry, SQLAlchemy's ORM and DataLoader, as tutorials have it: the floor."""

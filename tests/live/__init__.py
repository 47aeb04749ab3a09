"""Everything that goes on: following one conversation, the inbox, who types, and who is there."""

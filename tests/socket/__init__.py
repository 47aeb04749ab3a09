"""The protocol graphql-transport-ws, frame by frame."""

"""What tests of histories ask."""

WITH = """
query With($userId: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  messagesWith(userId: $userId, first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { id seq body kind createdAt sender { externalId } conversation { id } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""

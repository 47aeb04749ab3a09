"""The operations that are measured, as a client writes them."""

PAGE = """
query Page($id: ID!, $last: Int!) {
  conversation(id: $id) {
    id
    messages(last: $last) {
      edges {
        cursor
        node {
          id seq kind body createdAt
          sender { id name avatarUrl }
          attachments { id kind fileName mimeType byteSize url width height }
        }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""
INBOX = """
query Inbox($first: Int!) {
  conversations(first: $first) {
    edges {
      cursor
      node {
        id state unreadCount lastMessageAt
        counterpart { id role user { id name avatarUrl } }
        lastMessage { id seq kind body createdAt sender { id name } }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
EARLIER = PAGE.replace("$last: Int!", "$last: Int!, $before: String").replace(
    "last: $last", "last: $last, before: $before"
)
LATER = INBOX.replace("$first: Int!", "$first: Int!, $after: String").replace(
    "first: $first", "first: $first, after: $after"
)
SEND = """
mutation Send($input: SendMessageInput!) {
  sendMessage(input: $input) {
    message { id seq kind body createdAt clientMessageId }
    errors { code }
  }
}
"""
FOLLOW = """
subscription Follow($id: ID!) {
  messageAdded(conversationId: $id) {
    cursor
    message { id seq kind body createdAt sender { id name } }
  }
}
"""

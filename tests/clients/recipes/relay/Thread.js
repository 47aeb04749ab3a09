// What relay-compiler reads. With Relay's Babel plugin these stand in the components that use them.
import { graphql } from 'relay-runtime';

graphql`
  query ThreadQuery($conversationId: ID!) {
    conversation(id: $conversationId) {
      cursor
      unreadCount
      ...Thread_messages
    }
  }
`;

graphql`
  fragment Thread_messages on Conversation
  @argumentDefinitions(last: { type: "Int", defaultValue: 5 }, before: { type: "String" })
  @refetchable(queryName: "ThreadOlderQuery") {
    messages(last: $last, before: $before) @connection(key: "Thread_messages") {
      edges {
        cursor
        node {
          id
          seq
          body
          createdAt
          sender { id name }
          attachments { id fileName url }
        }
      }
    }
  }
`;

graphql`
  subscription ThreadMessageAddedSubscription($conversationId: ID!, $after: String, $connections: [ID!]!) {
    messageAdded(conversationId: $conversationId, after: $after) {
      cursor
      messageEdge @appendEdge(connections: $connections) {
        cursor
        node {
          id
          seq
          body
          createdAt
          sender { id name }
          attachments { id fileName url }
        }
      }
      viewer { id unreadMessageCount }
    }
  }
`;

graphql`
  mutation ThreadSendMutation($input: SendMessageInput!) {
    sendMessage(input: $input) {
      message { id }
      errors { code reason path }
    }
  }
`;

graphql`
  mutation ThreadUploadMutation($input: UploadAttachmentInput!) {
    uploadAttachment(input: $input) {
      attachment { id fileName mimeType byteSize url }
      errors { code reason path }
    }
  }
`;

// A fragment of a component and the query of its page. The compiler of Relay reads them, with the schema that /schema.graphql serves.
import { graphql } from 'relay-runtime'

export const contactCard = graphql`
  fragment documentsContactCard on Contact {
    displayName
    lifecycleStage
    notes(first: 2) {
      edges {
        node {
          body
        }
      }
    }
  }
`

export const contactQuery = graphql`
  query documentsContactQuery($id: ID!) {
    contact(id: $id) {
      id
      ...documentsContactCard
    }
  }
`

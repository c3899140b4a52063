// A fragment of a component and the query of its page. Relay's compiler reads them: `relay-compiler` with the schema of `/schema.graphql`.
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

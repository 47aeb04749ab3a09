// Types and documents of every operation under src/, from the schema: `npm run generate` writes src/api/generated.ts.
import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: '../schema.graphql',
  documents: 'inbox/src/**/*.graphql',
  generates: {
    'inbox/src/api/generated.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        // The schema promises that values may be added to any enum: a switch over one has a default.
        futureProofEnums: true,
        skipTypename: false,
        nonOptionalTypename: true,
        onlyOperationTypes: true,
        scalars: { ID: 'string', DateTime: 'string', URL: 'string', Upload: 'File' },
        defaultScalarType: 'never',
        dedupeFragments: true,
        // Texts that are parsed when the page begins: a fifth of what their syntax trees would weigh.
        documentMode: 'graphQLTag',
        gqlImport: 'urql#gql',
      },
    },
  },
};

export default config;

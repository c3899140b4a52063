// `npm run codegen` writes schema.graphql with it; a test fails when the file is not what this prints.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { printSchema } from 'graphql'
import { packageRoot } from '../../../kernel/package-root.ts'
import { createSchema } from './schema.ts'

await writeFile(join(packageRoot(), 'schema.graphql'), `${printSchema(createSchema())}\n`)

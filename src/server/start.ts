import * as nodeModule from 'node:module'
import { join } from 'node:path'

// Node 22 and newer keep what they have made of the code, beside it: the next start has not to compile it again. Where that cannot be written, nothing is kept.
const keepCompiled: unknown = Reflect.get(nodeModule, 'enableCompileCache')
if (typeof keepCompiled === 'function') keepCompiled(join(import.meta.dirname, 'compiled'))

await import('./main.ts')

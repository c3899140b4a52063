// Precision and recall of duplicates on a generated, labelled set: people as other systems write them a second time, families and offices.
//   npx tsx bench/duplicates/run.ts [people, default 3000] [seed, default 1]
import { labelledSet } from './people.ts'
import { measure } from './measure.ts'

const [people = '3000', seed = '1'] = process.argv.slice(2)
for (const minScore of [0.6, 0.7, 0.8, 0.9]) {
  const { precision, recall, found } = measure(labelledSet(Number(people), Number(seed)), minScore)
  console.log([`minScore ${minScore}`, `${found} pairs`, `precision ${precision.toFixed(3)}`, `recall ${recall.toFixed(3)}`].join('\t'))
}

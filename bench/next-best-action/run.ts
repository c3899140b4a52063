// Plays the model against other policies in simulated worlds, and writes report.md and worlds.svg beside this file.
//   npx tsx bench/next-best-action/run.ts [seeds of 2,000 contacts, default 20] [seeds of 20 contacts, default 200] [worlds, a pattern]
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { moreWorlds } from '../../test/support/simulation/more-worlds.ts'
import { worlds } from '../../test/support/simulation/worlds.ts'
import { pictureOf } from './picture.ts'
import { play, type Result } from './play.ts'
import { lineOf, reportOf } from './report.ts'

const [large = '20', small = '200', pattern = '.'] = process.argv.slice(2)
const sizes = [
  { contacts: 20, seeds: Number(small) },
  { contacts: 2000, seeds: Number(large) },
].filter(({ seeds }) => seeds > 0)

const results: Result[] = []
for (const size of sizes)
  for (const world of [...worlds, ...moreWorlds].filter(({ name }) => new RegExp(pattern).test(name)))
    for (const messages of [5, 30, 90]) {
      const result = play(world, { ...size, messages })
      results.push(result)
      const { ratio, ratioError, ofBayes, calibrationError } = lineOf(result)
      const figures = [`${ratio.toFixed(3)} ± ${ratioError.toFixed(3)}`, ofBayes?.toFixed(3) ?? '-', calibrationError.toFixed(3)]
      console.log([`${size.contacts} contacts`, world.name, `${messages} messages`, ...figures].join('\t'))
      // After each world: a run that is broken off has a report too.
      const command = ['npx tsx bench/next-best-action/run.ts', ...process.argv.slice(2)].join(' ')
      writeFileSync(join(import.meta.dirname, 'report.md'), reportOf(results, command, new Date().toISOString().slice(0, 10)))
      writeFileSync(join(import.meta.dirname, 'worlds.svg'), pictureOf(results.map(lineOf)))
    }
